import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ErrorState, LINK, SkeletonRows } from "@/components/ui/states";
import { count, prize } from "@/lib/format";
import { texts } from "@/texts";
import { awardsQuery } from "../api/settings";
import { Section } from "./section";

/** What one has won, and how far each prize has come on its way. */
export function AwardsSection() {
  const words = texts.account.awards;
  const { data, error, refetch } = useQuery(awardsQuery);
  return (
    <Section title={words.title}>
      {!data &&
        (error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonRows rows={2} />)}
      {data?.data.length === 0 && <p className="text-muted">{words.none}</p>}
      {data && data.data.length > 0 && (
        <div className="w-full overflow-x-auto">
          <table className="w-full text-left">
            <caption className="sr-only">{words.caption}</caption>
            <thead className="text-sm text-muted">
              <tr>
                {[words.race, words.place, words.amount, words.state].map((head) => (
                  <th key={head} scope="col" className="py-2 pr-4 font-semibold">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.data.map((award) => (
                <tr key={award.id} className="border-t border-line align-top">
                  <td className="py-2 pr-4">
                    <Link to="/races/$id" params={{ id: String(award.raceId) }} search={{}} className={LINK}>
                      {award.race}
                    </Link>
                  </td>
                  <td className="py-2 pr-4 tabular-nums">{count(award.position)}</td>
                  <td className="py-2 pr-4 tabular-nums">{prize(award.amount)}</td>
                  <td className="py-2 break-words">
                    {words.statuses[award.status]}
                    {award.reference && (
                      <p className="text-sm text-muted">{words.reference(award.reference)}</p>
                    )}
                    {award.reason && <p className="text-sm text-muted">{award.reason}</p>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
