import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Period } from "@/api/types";
import { Panel } from "@/components/ui/panel";
import { PlayerLink } from "@/components/ui/player-link";
import { RankMove } from "@/components/ui/rank-move";
import { ErrorState, QUIET_BUTTON, SkeletonRows } from "@/components/ui/states";
import { count, dateTime } from "@/lib/format";
import { serverClock } from "@/lib/server-clock";
import { texts } from "@/texts";
import { moversQuery } from "../api/get-movers";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Who changed most places within a day; asked for only by whoever wants to know, for it is much work. */
export function TopMovers({ period }: { period: Period }) {
  const [since, setSince] = useState<string | null>(null);
  if (since !== null) return <Movers period={period} since={since} />;
  // By whole hours, so that all who ask within one ask for the same.
  const aDayAgo = () => Math.floor(((serverClock.now() ?? Date.now()) - DAY) / HOUR) * HOUR;
  return (
    <button
      type="button"
      className={QUIET_BUTTON}
      onClick={() => setSince(new Date(aDayAgo()).toISOString())}
    >
      {texts.board.movers.show}
    </button>
  );
}

function Movers({ period, since }: { period: Period; since: string }) {
  const { data, error, refetch } = useQuery(moversQuery(period, since));
  const { movers } = texts.board;
  return (
    <Panel id="movers" title={movers.title}>
      <p className="px-4 pb-2 text-sm text-muted">{movers.since(dateTime(since))}</p>
      {!data &&
        (error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonRows rows={3} />)}
      {data && data.length === 0 && <p className="px-4 pb-4">{movers.none}</p>}
      <ul className="grid sm:grid-cols-2 lg:grid-cols-3">
        {data?.map(({ row, climbed }) => (
          <li
            key={row.uid}
            className="flex min-w-0 items-center gap-2 border-t border-line px-4 tabular-nums"
          >
            <PlayerLink id={row.id} className="min-w-0 flex-1 truncate py-2.5 font-medium hover:underline">
              <bdi>{row.name}</bdi>
            </PlayerLink>
            {climbed === null ? (
              <span className="text-sm text-muted">{movers.entered}</span>
            ) : (
              <RankMove change={{ climbed, version: 0 }} />
            )}
            <span className="text-sm text-muted">{movers.now(count(row.rank ?? 0))}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
