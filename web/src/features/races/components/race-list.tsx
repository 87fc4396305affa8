import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { RaceSummary } from "@/api/types";
import { Pager } from "@/components/ui/pager";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { date, prize } from "@/lib/format";
import { useTopic } from "@/live/live-context";
import { texts } from "@/texts/en";
import { racesQuery } from "../api/get-races";
import { RACES_TOPIC } from "../live/apply-race-frame";
import { PhaseLabel } from "./phase-label";

const HEAD = "px-3 py-2 font-medium sm:px-4";

/** All races, newest first. */
export function RaceList({ page, go }: { page: number; go: (page: number) => void }) {
  const { data, error, refetch } = useQuery(racesQuery(page));
  useTopic(RACES_TOPIC);
  if (!data)
    return error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonRows rows={6} />;
  if (data.data.length === 0) return <EmptyState {...texts.race.list.none} />;
  return (
    <div className="overflow-clip rounded-lg border border-line bg-panel">
      <table aria-label={texts.race.list.title} className="w-full text-left tabular-nums">
        <thead className="border-b border-line text-sm text-muted">
          <tr>
            <th scope="col" className={HEAD}>
              {texts.race.list.name}
            </th>
            <th scope="col" className={`${HEAD} max-sm:hidden`}>
              {texts.race.list.dates}
            </th>
            <th scope="col" className={`${HEAD} text-right`}>
              {texts.race.pool}
            </th>
            <th scope="col" className={`${HEAD} text-right`}>
              {texts.race.list.status}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.data.map((race) => (
            <Row key={race.id} race={race} />
          ))}
        </tbody>
      </table>
      <Pager page={page} pages={data.pagination.pages} go={go} />
    </div>
  );
}

function Row({ race }: { race: RaceSummary }) {
  const dates = texts.race.from(date(race.startDate), date(race.endDate));
  return (
    <tr className="border-b border-line last:border-0">
      <th scope="row" className="px-3 py-1 font-semibold sm:px-4">
        <Link to="/races/$id" params={{ id: String(race.id) }} className="block py-2 hover:underline">
          {race.name}
        </Link>
        <span className="block pb-2 text-xs font-normal text-muted sm:hidden">{dates}</span>
      </th>
      <td className="px-3 text-sm text-muted max-sm:hidden sm:px-4">{dates}</td>
      <td className="px-3 text-right font-display text-xl font-bold sm:px-4">{prize(race.prizePool)}</td>
      <td className="px-3 text-right sm:px-4">
        <PhaseLabel phase={race.phase} />
      </td>
    </tr>
  );
}
