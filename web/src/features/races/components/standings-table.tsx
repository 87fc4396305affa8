import { memo, useRef } from "react";
import type { RaceParticipant } from "@/api/types";
import { Counting } from "@/components/ui/counting";
import { PlayerLink } from "@/components/ui/player-link";
import { RankMove } from "@/components/ui/rank-move";
import { useFlash } from "@/hooks/use-flash";
import type { RowChange } from "@/hooks/use-row-changes";
import { useSlide } from "@/hooks/use-slide";
import { count, money, prize } from "@/lib/format";
import { texts } from "@/texts";
import { rowId, useFocusRow } from "./use-focus-row";
import type { Asked } from "./why";
import { WhyPlace } from "./why-place";

interface StandingsTableProps {
  /** Names these rows: another list has other rows, not moved ones. */
  list: string;
  rows: RaceParticipant[];
  changes: ReadonlyMap<string, RowChange>;
  labelledBy: string;
  /** The last place that pays: a line is drawn below it. */
  paid: number;
  /** The place whose row gets the focus. */
  rank?: number | undefined;
  /** How often somebody has asked for a place. */
  times?: number;
  ask: (asked: Asked) => void;
}

/** How changes of standings are told. */
export const READER = {
  key: (row: RaceParticipant) => row.goatedId,
  place: (row: RaceParticipant) => row.position,
  amount: (row: RaceParticipant) => row.wagered,
};

const HEAD = "px-2 py-2 font-medium sm:px-4";

export function StandingsTable({
  list,
  rows,
  changes,
  labelledBy,
  paid,
  rank,
  times = 0,
  ask,
}: StandingsTableProps) {
  const table = useRef<HTMLTableElement>(null);
  useSlide(table, list, rows);
  useFlash(table, changes);
  useFocusRow(rows, rank, times);
  return (
    <table
      ref={table}
      aria-labelledby={labelledBy}
      className="relative w-full table-fixed text-left tabular-nums"
    >
      <thead className="border-y border-line text-sm text-muted">
        <tr>
          <th scope="col" className={`${HEAD} w-18 sm:w-28`}>
            {texts.race.place}
          </th>
          <th scope="col" className={HEAD}>
            {texts.race.player}
          </th>
          <th scope="col" className={`${HEAD} w-28 text-right sm:w-44`}>
            {texts.race.amount}
          </th>
          <th scope="col" className={`${HEAD} w-18 text-right sm:w-32`}>
            {texts.race.prize}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Standing
            key={row.goatedId}
            row={row}
            last={row.position === paid}
            change={changes.get(row.goatedId)}
            ask={ask}
          />
        ))}
      </tbody>
    </table>
  );
}

interface StandingProps {
  row: RaceParticipant;
  last: boolean;
  change: RowChange | undefined;
  ask: (asked: Asked) => void;
}

// A report that moves few rows draws few anew.
const Standing = memo(function Standing({ row, last, change, ask }: StandingProps) {
  return (
    <tr
      id={rowId(row.position)}
      tabIndex={-1}
      data-slide={row.goatedId}
      className={`relative h-12 border-b bg-panel -outline-offset-2 last:border-0 focus:bg-raised ${last ? "border-dashed border-accent" : "border-line"}`}
    >
      <td className="px-2 sm:px-4">
        <span className="flex items-center gap-1.5">
          <WhyPlace row={row} ask={ask} className="flex min-h-11 min-w-8 items-center">
            <span className="font-display text-xl font-bold decoration-dotted underline-offset-4 group-hover:underline">
              {count(row.position)}
            </span>
          </WhyPlace>
          <RankMove change={change} />
        </span>
      </td>
      <th scope="row" className="truncate px-2 font-medium sm:px-4">
        <PlayerLink id={row.goatedId} className="block truncate py-2.5 hover:underline">
          <bdi>{row.username}</bdi>
        </PlayerLink>
      </th>
      <td className="px-2 text-right text-sm sm:px-4 sm:text-base">
        <Counting value={row.wagered} format={money} />
      </td>
      <td className="px-2 text-right font-semibold text-accent sm:px-4">
        {row.prize > 0 ? prize(row.prize) : <NoPrize />}
      </td>
    </tr>
  );
});

function NoPrize() {
  return (
    <>
      <span aria-hidden="true" className="text-muted">
        –
      </span>
      <span className="sr-only">{texts.race.noPrize}</span>
    </>
  );
}
