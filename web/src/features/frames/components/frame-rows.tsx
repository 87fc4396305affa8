import { flashOf, RankMove } from "@/components/ui/rank-move";
import { type RowChange, useRowChanges } from "@/hooks/use-row-changes";
import { money, prize } from "@/lib/format";

export interface FrameRow {
  key: string;
  place: number;
  name: string;
  amount: number;
  /** 0 for none. */
  prize: number;
}

interface FrameRowsProps {
  rows: FrameRow[];
  /** Names the list; another list has other rows, not changed ones. */
  list: string;
  version: number;
  label: string;
}

const READER = {
  key: (row: FrameRow) => row.key,
  place: (row: FrameRow) => row.place,
  amount: (row: FrameRow) => row.amount,
};

/** Places of a frame or an overlay; all sizes are in em. */
export function FrameRows({ rows, list, version, label }: FrameRowsProps) {
  const changes = useRowChanges({ list, version, rows }, READER);
  return (
    <ol aria-label={label} className="tabular-nums">
      {rows.map((row) => (
        <Row key={row.key} row={row} change={changes.get(row.key)} />
      ))}
    </ol>
  );
}

function Row({ row, change }: { row: FrameRow; change: RowChange | undefined }) {
  return (
    <li
      className={`flex items-baseline gap-[0.5em] border-t border-line px-[0.7em] py-[0.28em] ${flashOf(change)}`}
    >
      <span className="min-w-[1.5em] text-right font-display text-[1.15em] leading-none font-bold">
        {row.place}
      </span>
      <span className="min-w-0 flex-1 truncate font-semibold">
        <bdi>{row.name}</bdi>
      </span>
      <RankMove change={change} />
      <span className="text-[0.85em] text-muted">{money(row.amount)}</span>
      {row.prize > 0 && (
        <span className="min-w-[4em] text-right font-display text-[1.1em] leading-none font-bold text-accent">
          {prize(row.prize)}
        </span>
      )}
    </li>
  );
}
