import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, read } from "@/api/client";
import { Marks } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { LINK } from "@/components/ui/states";
import { useServerNow } from "@/hooks/use-server-now";
import { age, count } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { useMay } from "../session/use-may";
import { Badge } from "../shared/badge";
import { ACT } from "../shared/buttons";
import { Facts } from "../shared/facts";
import { FormFailure } from "../shared/form-failure";
import { KEYS } from "../shared/keys";
import { Loaded } from "../shared/loaded";
import { Time } from "../shared/time";
import type { SyncStatus } from "../shared/types";

const text = adminTexts.sync;
// While a run is on its way, and while nothing happens.
const [SOON, LATER] = [1_500, 15_000];

const syncQuery = queryOptions({
  queryKey: KEYS.sync,
  queryFn: () => read(api.GET("/api/admin/sync")),
  refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? SOON : LATER),
});
const healthQuery = queryOptions({
  queryKey: [...KEYS.sync, "health"],
  queryFn: () => read(api.GET("/api/health")),
  refetchInterval: LATER,
});

function isBusy({ requests, runs }: SyncStatus): boolean {
  return (
    requests.some(({ status }) => status === "waiting" || status === "running") ||
    runs.some(({ status }) => status === "running")
  );
}

/** How old the data are, what was odd about them, and the way to ask for newer ones. */
export function SyncHealth() {
  const sync = useQuery(syncQuery);
  const health = useQuery(healthQuery);
  const may = useMay();
  const now = useServerNow();
  const pull = useAct({
    call: (_: undefined, headers) => api.POST("/api/admin/sync", { headers }),
    touches: [KEYS.sync],
    said: text.asked,
  });
  return (
    <Panel
      id="sync"
      title={text.title}
      aside={health.data && <Badge status={health.data.status}>{text.health[health.data.status]}</Badge>}
    >
      <Loaded query={sync}>
        {(status) => {
          const applied = status.runs.find((run) => run.status === "completed");
          const latest = status.runs[0];
          return (
            <div className="grid gap-3 pb-4">
              <Facts
                facts={[
                  [
                    text.age,
                    applied?.asOf && now !== null ? age(now - Date.parse(applied.asOf)) : text.never,
                  ],
                  [text.latest, latest ? <LatestRun key="run" status={status} /> : text.never],
                  ...(latest
                    ? [
                        [
                          text.records,
                          text.counts(
                            count(latest.recordsProcessed),
                            count(latest.recordsUpdated),
                            count(latest.recordsCreated),
                          ),
                        ] as const,
                      ]
                    : []),
                  ...(status.feedRestsUntil
                    ? [[text.rests, <Time key="rests" at={status.feedRestsUntil} />] as const]
                    : []),
                ]}
              />
              <div className="grid gap-3 px-4">
                {latest?.error && <FormFailure error={new Error(latest.error)} />}
                <Marks marks={latest?.marks ?? []} />
                <FormFailure error={pull.error} />
                <div className="flex flex-wrap items-center gap-4">
                  {may("sync:write") && (
                    <button
                      type="button"
                      className={ACT}
                      disabled={pull.isPending || isBusy(status)}
                      onClick={() => pull.mutate()}
                    >
                      {isBusy(status) ? text.running : text.now}
                    </button>
                  )}
                  <Link to="/admin/syncs" className={`${LINK} py-2 text-sm`}>
                    {text.all}
                  </Link>
                </div>
              </div>
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function LatestRun({ status }: { status: SyncStatus }) {
  const run = status.runs[0];
  if (!run) return null;
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <Badge status={run.status}>{adminTexts.statuses[run.status]}</Badge>
      <Time at={run.startTime} />
      {run.status === "quarantined" && (
        <Link to="/admin/quarantine/$id" params={{ id: String(run.runId) }} className={LINK}>
          {text.look}
        </Link>
      )}
    </span>
  );
}
