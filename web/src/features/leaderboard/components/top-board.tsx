import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { LeaderboardEntry, Period } from "@/api/types";
import { Counting } from "@/components/ui/counting";
import { Panel } from "@/components/ui/panel";
import { PlayerLink } from "@/components/ui/player-link";
import { flashOf, RankMove } from "@/components/ui/rank-move";
import { ErrorState, LINK, SkeletonRows } from "@/components/ui/states";
import { TierSwatch } from "@/components/ui/tier-badge";
import { type RowChange, useRowChanges } from "@/hooks/use-row-changes";
import { money } from "@/lib/format";
import { useTopic } from "@/live/live-context";
import { texts } from "@/texts";
import { boardQuery, firstPage } from "../api/get-leaderboard";
import { boardTopic } from "../live/apply-board-frame";
import { READERS } from "./board-readers";

const SHOWN = 5;
const NOBODY: LeaderboardEntry[] = [];

/** The first few of one window. */
export function TopBoard({ period }: { period: Period }) {
  const { data, error, refetch } = useQuery(boardQuery(firstPage(period)));
  useTopic(data ? boardTopic(period) : null);
  const rows = data?.data.filter((row) => row.rank !== null).slice(0, SHOWN) ?? NOBODY;
  const changes = useRowChanges(
    { list: data ? period : "", version: data?.metadata.version ?? 0, rows: data?.data ?? NOBODY },
    READERS[period],
  );
  const name = texts.periods[period];
  const more = (
    <Link
      to="/leaderboard"
      search={{ period }}
      aria-label={texts.board.fullOf(name)}
      className={`${LINK} py-1 text-sm`}
    >
      {texts.board.full}
    </Link>
  );
  return (
    <Panel level={3} id={`board-${period}`} title={name} aside={more}>
      {!data && !error && <SkeletonRows rows={SHOWN} />}
      {!data && error && <ErrorState error={error} retry={() => void refetch()} />}
      {data && rows.length === 0 && <p className="px-4 pb-6 text-muted">{texts.board.noneIn(name)}</p>}
      <ol className="pb-2">
        {rows.map((row) => (
          <Leader key={row.uid} row={row} period={period} change={changes.get(row.uid)} />
        ))}
      </ol>
    </Panel>
  );
}

interface LeaderProps {
  row: LeaderboardEntry;
  period: Period;
  change: RowChange | undefined;
}

function Leader({ row, period, change }: LeaderProps) {
  return (
    <li className={`flex items-center gap-2 border-t border-line px-4 tabular-nums ${flashOf(change)}`}>
      <span className="w-5 font-display text-lg font-bold text-muted">{row.rank}</span>
      <TierSwatch tier={row.tier} />
      <PlayerLink id={row.id} className="min-w-0 flex-1 truncate py-2.5 font-medium hover:underline">
        <bdi>{row.name}</bdi>
      </PlayerLink>
      <RankMove change={change} />
      <span className="text-sm">
        <Counting value={row.wagered[period]} format={money} />
      </span>
    </li>
  );
}
