import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Form } from "@/components/ui/form";
import { ErrorState, QUIET_BUTTON, SkeletonRows } from "@/components/ui/states";
import { age } from "@/lib/format";
import { texts } from "@/texts";
import { endOtherSessions, endSession, sessionsQuery } from "../api/settings";
import { useProven } from "./proof";
import { Section } from "./section";

/** Where one is signed in; each place can be signed out. */
export function SessionsSection() {
  const words = texts.account.sessions;
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const [attempt, refusal] = useProven();
  const renew = () => cache.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  return (
    <Section title={words.title}>
      {!data &&
        (error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonRows rows={2} />)}
      <ul className="grid w-full gap-3">
        {data?.data.map((session) => {
          const browser = session.userAgent ?? words.unknown;
          return (
            <li key={session.id} className="flex flex-wrap items-center justify-between gap-3">
              <div className="min-w-0">
                <p className="break-words">{session.isThis ? <strong>{words.this}</strong> : browser}</p>
                <p className="text-sm text-muted">
                  {[session.address, words.seen(age(Date.now() - Date.parse(session.lastSeenAt)))]
                    .filter(Boolean)
                    .join(" · ")}
                </p>
              </div>
              {!session.isThis && (
                <button
                  type="button"
                  aria-label={words.endOf(browser)}
                  className={QUIET_BUTTON}
                  onClick={() => void attempt(() => endSession(session.id).then(renew))}
                >
                  {words.end}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {refusal}
      {data && data.data.length > 1 && (
        <Form send={() => attempt(() => endOtherSessions().then(renew))} submit={words.endOthers} danger />
      )}
    </Section>
  );
}
