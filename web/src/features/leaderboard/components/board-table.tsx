import { type RefObject, useLayoutEffect, useRef } from "react";
import type { Period } from "@/api/types";
import { type RowChange, useRowChanges } from "@/hooks/use-row-changes";
import { slideFrom } from "@/hooks/use-slide";
import { useTallScroll } from "@/hooks/use-tall-scroll";
import { mayMove } from "@/lib/motion";
import { PERIODS } from "@/lib/windows";
import { texts } from "@/texts";
import { READERS } from "./board-readers";
import { BoardRow, EmptyRow, ROW_HEIGHT } from "./board-row";
import type { BoardRows } from "./use-board-rows";
import { useFocusRank } from "./use-focus-rank";

interface BoardTableProps {
  rows: BoardRows;
  /** The rank whose row gets the focus. */
  rank: number | undefined;
  /** How often somebody has asked for a rank. */
  times: number;
  /** Told which rows are near the window: from the first up to, but not including, the last. */
  look: (first: number, end: number) => void;
}

const HEAD = "px-2 py-2 font-medium sm:px-4";
const HEAD_HEIGHT = 37;

/** A board of any length in a box that scrolls; only the rows near its window are in the document. */
export function BoardTable({ rows, rank, times, look }: BoardTableProps) {
  const { period, search, head, loaded } = rows;
  const total = head.pagination.total;
  const list = `${period}:${search}`;
  const box = useRef<HTMLElement>(null);
  const scroll = useTallScroll(box, { list, rows: total, rowHeight: ROW_HEIGHT, head: HEAD_HEIGHT });
  const { first, end } = scroll;
  useLayoutEffect(() => look(first, end), [look, first, end]);
  const at = rank === undefined || search ? undefined : rank - 1;
  useFocusRank({ list, rank, times, there: at !== undefined && rows.at(at) !== undefined }, () => {
    if (at !== undefined) scroll.scrollTo(at);
  });
  const changes = useRowChanges({ list, version: head.metadata.version, rows: loaded }, READERS[period]);
  useSlides(box, changes);
  const label = `${texts.board.title}: ${texts.periods[period]}`;
  return (
    <section
      ref={box}
      aria-label={texts.board.rowsOf(texts.periods[period])}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={scroll.onScroll}
      className="relative max-h-[max(24rem,calc(100dvh-23rem))] overflow-y-auto sm:max-h-[max(24rem,calc(100dvh-16rem))]"
    >
      <div style={{ height: scroll.height }} />
      <table
        aria-label={label}
        aria-rowcount={total + 1}
        style={{ top: scroll.top }}
        className="absolute left-0 w-full table-fixed text-left tabular-nums"
      >
        <BoardHead period={period} />
        <tbody>
          {Array.from({ length: Math.max(0, end - first) }, (_, step) => {
            const index = first + step;
            const row = rows.at(index);
            return row ? (
              <BoardRow key={row.uid} row={row} index={index} period={period} change={changes.get(row.uid)} />
            ) : (
              <EmptyRow key={index} index={index} rank={search ? null : index + 1} />
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Let the rows that a report moved slide; a row that is scrolled into view does not. */
function useSlides(box: RefObject<HTMLElement | null>, changes: ReadonlyMap<string, RowChange>): void {
  useLayoutEffect(() => {
    if (changes.size === 0 || !box.current || !mayMove()) return;
    for (const element of box.current.querySelectorAll<HTMLElement>("[data-slide]")) {
      const climbed = changes.get(element.dataset.slide ?? "")?.climbed ?? 0;
      if (climbed !== 0) slideFrom(element, { x: 0, y: climbed * ROW_HEIGHT });
    }
  }, [box, changes]);
}

function BoardHead({ period }: { period: Period }) {
  return (
    <thead className="sticky top-0 z-10 bg-panel text-sm text-muted shadow-[0_1px_0_var(--line)]">
      <tr aria-rowindex={1}>
        <th scope="col" className={`${HEAD} w-20 sm:w-28`}>
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
