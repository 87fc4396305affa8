import { memo } from "react";
import type { LeaderboardEntry, Period } from "@/api/types";
import { Counting } from "@/components/ui/counting";
import { PlayerLink } from "@/components/ui/player-link";
import { flashOf, RankMove } from "@/components/ui/rank-move";
import { TierBadge } from "@/components/ui/tier-badge";
import type { RowChange } from "@/hooks/use-row-changes";
import { count, money } from "@/lib/format";
import { PERIODS } from "@/lib/windows";
import { texts } from "@/texts";
import { rowId } from "./use-focus-rank";

/** In pixels; every row is exactly as high, so that the rows out of sight need no measuring. */
export const ROW_HEIGHT = 56;

interface BoardRowProps {
  row: LeaderboardEntry;
  index: number;
  period: Period;
  change: RowChange | undefined;
}

export const BoardRow = memo(function BoardRow({ row, index, period, change }: BoardRowProps) {
  return (
    <tr
      id={row.rank === null ? undefined : rowId(row.rank)}
      aria-rowindex={index + 2}
      tabIndex={-1}
      style={{ height: ROW_HEIGHT }}
      data-slide={row.uid}
      className={`relative border-b border-line bg-panel -outline-offset-2 focus:bg-raised ${flashOf(change)}`}
    >
      <td className="px-2 sm:px-4">
        <span className="flex items-baseline gap-1.5">
          <Rank rank={row.rank} />
          <RankMove change={change} />
        </span>
      </td>
      <th scope="row" className="px-2 font-medium sm:px-4">
        <PlayerLink
          id={row.id}
          className="flex min-w-0 items-center justify-between gap-3 py-2 max-sm:grid max-sm:gap-0 max-sm:py-1 max-sm:leading-tight"
        >
          <span className="truncate hover:underline">
            <bdi>{row.name}</bdi>
          </span>
          <TierBadge tier={row.tier} />
        </PlayerLink>
      </th>
      {PERIODS.map((each) => (
        <td
          key={each}
          className={`px-2 text-right sm:px-4 ${each === period ? "font-semibold max-sm:text-sm" : "text-sm text-muted max-lg:hidden"}`}
        >
          <Counting value={row.wagered[each]} format={money} />
        </td>
      ))}
    </tr>
  );
});

/** Stands for a row that has not come yet. */
export function EmptyRow({ index, rank }: { index: number; rank: number | null }) {
  return (
    <tr aria-rowindex={index + 2} style={{ height: ROW_HEIGHT }} className="border-b border-line">
      <td className="px-2 text-muted sm:px-4">
        {rank !== null && <span className="font-display text-xl font-bold">{count(rank)}</span>}
      </td>
      <td colSpan={PERIODS.length + 1} className="px-2 sm:px-4">
        <span className="sr-only">{texts.loading}</span>
        <span aria-hidden="true" className="block h-4 w-2/5 animate-pulse rounded bg-raised" />
      </td>
    </tr>
  );
}

function Rank({ rank }: { rank: number | null }) {
  if (rank !== null) return <span className="font-display text-xl font-bold">{count(rank)}</span>;
  return (
    <>
      <span aria-hidden="true" className="text-muted">
        –
      </span>
      <span className="sr-only">{texts.board.unranked}</span>
    </>
  );
}
