import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import type { LeaderboardData, Period } from "@/api/types";
import { useRowChanges } from "@/hooks/use-row-changes";
import { PERIODS } from "@/lib/windows";
import { texts } from "@/texts/en";
import { READERS } from "./board-readers";
import { BoardRow, ROW_HEIGHT } from "./board-row";
import { useFocusRank } from "./use-focus-rank";

interface BoardTableProps {
  board: LeaderboardData;
  period: Period;
  /** Names this page of this board. */
  list: string;
  /** The rank whose row gets the focus. */
  rank: number | undefined;
}

const HEAD = "px-2 py-2 font-medium sm:px-4";

/** A page of the board; only the rows near the window are in the document. */
export function BoardTable({ board, period, list, rank }: BoardTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    if (body.current) setOffset(body.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const rows = board.data;
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: 15,
    scrollMargin: offset,
    getItemKey: (index) => rows[index]?.uid ?? index,
  });
  useFocusRank(rows, rank, (index) => virtual.scrollToIndex(index, { align: "center" }));
  const changes = useRowChanges({ list, version: board.metadata.version, rows }, READERS[period]);
  const items = virtual.getVirtualItems();
  const above = (items[0]?.start ?? offset) - offset;
  const below = virtual.getTotalSize() - ((items.at(-1)?.end ?? offset) - offset);
  return (
    <table
      aria-label={`${texts.board.title}: ${texts.periods[period]}`}
      aria-rowcount={rows.length + 1}
      className="w-full table-fixed text-left tabular-nums"
    >
      <BoardHead period={period} />
      <tbody ref={body}>
        <Gap height={above} />
        {items.map(({ index }) => {
          const row = rows[index];
          return (
            row && (
              <BoardRow key={row.uid} row={row} index={index} period={period} change={changes.get(row.uid)} />
            )
          );
        })}
        <Gap height={below} />
      </tbody>
    </table>
  );
}

function BoardHead({ period }: { period: Period }) {
  return (
    <thead className="sticky top-0 z-10 bg-panel text-sm text-muted shadow-[0_1px_0_var(--line)]">
      <tr aria-rowindex={1}>
        <th scope="col" className={`${HEAD} w-17 sm:w-28`}>
          {texts.board.rank}
        </th>
        <th scope="col" className={HEAD}>
          {texts.board.player}
        </th>
        {PERIODS.map((each) => (
          <th
            key={each}
            scope="col"
            className={`${HEAD} text-right ${each === period ? "w-36 font-semibold text-ink sm:w-44" : "w-36 max-lg:hidden"}`}
          >
            {texts.periods[each]}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Stands for the rows that are not in the document. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row without tabindex takes no focus
    <tr aria-hidden="true">
      <td style={{ height }} />
    </tr>
  );
}
