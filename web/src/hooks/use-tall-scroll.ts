import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type Scroll, scrolled, scrolledTo, tall } from "@/lib/tall-scroll";

// Where nothing is laid out, as in a test, a list is seen as through a window of this height.
const SOME_VIEW = 800;
const OVERSCAN = 12;
// The window of rows moves in steps: most scroll events then draw nothing.
const STEP = 4;
const TOP: Scroll = { element: 0, list: 0 };

interface Shape {
  /** Names the list: another one is seen from its top. */
  list: string;
  rows: number;
  rowHeight: number;
  /** Of what stands above the rows and scrolls with them. */
  head: number;
}

interface TallScroll {
  /** Of the element that stands for the list. */
  height: number;
  /** The rows that are to be in the document: from `first` up to, but not including, `end`. */
  first: number;
  end: number;
  /** Where the first of them stands in that element. */
  top: number;
  onScroll: () => void;
  /** Bring a row to the middle of the window. */
  scrollTo: (row: number) => void;
}

/** Which rows of a list of any length to draw, and where, in a box that scrolls by itself. */
export function useTallScroll(
  box: RefObject<HTMLElement | null>,
  { list, rows, rowHeight, head }: Shape,
): TallScroll {
  const view = useHeight(box);
  const size = tall(rows * rowHeight + head, view);
  const scroll = useRef(TOP);
  const [shown, setShown] = useState({ row: 0, offset: 0 });
  const show = (next: Scroll) => {
    scroll.current = next;
    const row = Math.floor(next.list / rowHeight / STEP) * STEP;
    const offset = next.list - next.element;
    setShown((held) => (held.row === row && held.offset === offset ? held : { row, offset }));
    if (box.current && box.current.scrollTop !== next.element) box.current.scrollTop = next.element;
  };
  const latest = useRef({ show, size });
  latest.current = { show, size };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useLayoutEffect(() => latest.current.show(TOP), [list]);
  const onScroll = useCallback(() => {
    if (box.current)
      latest.current.show(scrolled(latest.current.size, scroll.current, box.current.scrollTop));
  }, [box]);
  const scrollTo = useCallback(
    (row: number) => {
      const middle = row * rowHeight - (latest.current.size.view - rowHeight) / 2;
      latest.current.show(scrolledTo(latest.current.size, Math.round(middle)));
    },
    [rowHeight],
  );
  const first = Math.max(0, Math.min(shown.row, rows - 1) - OVERSCAN);
  const end = Math.min(rows, shown.row + Math.ceil(view / rowHeight) + STEP + OVERSCAN);
  return { height: size.element, first, end, top: first * rowHeight - shown.offset, onScroll, scrollTo };
}

function useHeight(box: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(SOME_VIEW);
  useEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight || SOME_VIEW));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return height;
}
