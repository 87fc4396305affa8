import type { RaceParticipant } from "@/api/types";
import { PlayerLink } from "@/components/ui/player-link";
import { flashOf, RankMove } from "@/components/ui/rank-move";
import type { RowChange } from "@/hooks/use-row-changes";
import { count, money, prize } from "@/lib/format";
import { texts } from "@/texts/en";

interface StandingsTableProps {
  rows: RaceParticipant[];
  changes: ReadonlyMap<string, RowChange>;
  labelledBy: string;
}

/** How changes of standings are told. */
export const READER = {
  key: (row: RaceParticipant) => row.goatedId,
  place: (row: RaceParticipant) => row.position,
  amount: (row: RaceParticipant) => row.wagered,
};

const HEAD = "px-2 py-2 font-medium sm:px-4";

export function StandingsTable({ rows, changes, labelledBy }: StandingsTableProps) {
  return (
    <table aria-labelledby={labelledBy} className="w-full table-fixed text-left tabular-nums">
      <thead className="border-y border-line text-sm text-muted">
        <tr>
          <th scope="col" className={`${HEAD} w-14 sm:w-24`}>
            {texts.race.place}
          </th>
          <th scope="col" className={HEAD}>
            {texts.race.player}
          </th>
          <th scope="col" className={`${HEAD} w-30 text-right sm:w-44`}>
            {texts.race.amount}
          </th>
          <th scope="col" className={`${HEAD} w-18 text-right sm:w-32`}>
            {texts.race.prize}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Standing key={row.goatedId} row={row} change={changes.get(row.goatedId)} />
        ))}
      </tbody>
    </table>
  );
}

function Standing({ row, change }: { row: RaceParticipant; change: RowChange | undefined }) {
  return (
    <tr className={`h-11 border-b border-line last:border-0 ${flashOf(change)}`}>
      <td className="px-2 sm:px-4">
        <span className="flex items-baseline gap-1.5">
          <span className="font-display text-xl font-bold">{count(row.position)}</span>
          <RankMove change={change} />
        </span>
      </td>
      <th scope="row" className="truncate px-2 font-medium sm:px-4">
        <PlayerLink id={row.goatedId} className="block truncate py-2.5 hover:underline">
          {row.username}
        </PlayerLink>
      </th>
      <td className="px-2 text-right text-sm sm:px-4 sm:text-base">{money(row.wagered)}</td>
      <td className="px-2 text-right font-semibold text-accent sm:px-4">
        {row.prize > 0 ? prize(row.prize) : <NoPrize />}
      </td>
    </tr>
  );
}

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
