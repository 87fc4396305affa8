/**
 * Scrolling a list that is taller than a browser lets an element be (17 million pixels in Firefox).
 *
 * The element is as tall as it may be. Small steps move the list by as many pixels as the element, so that
 * it scrolls like any other; a leap, of somebody who drags the bar, goes to the same share of the list.
 */

export interface Tall {
  /** Of the whole list, in pixels. */
  list: number;
  /** Of the element that stands for it. */
  element: number;
  /** Of what can be seen of it. */
  view: number;
}

export interface Scroll {
  /** Where the element stands. */
  element: number;
  /** Where the list stands: the element's position and `offset`. */
  list: number;
}

// Half of what the strictest browser draws.
const TALLEST = 8_000_000;
// So close to an end, element and list are equally far from it: what is an end of one is an end of both.
const EDGE = 200_000;

export function tall(list: number, view: number): Tall {
  return { list, view, element: Math.min(list, TALLEST) };
}

/** Return where the list is after the element was scrolled, and where the element had better be. */
export function scrolled(size: Tall, before: Scroll, element: number): Scroll {
  if (size.element === size.list) return { element, list: element };
  const [ends, listEnds] = [size.element - size.view, size.list - size.view];
  const step = element - before.element;
  if (Math.abs(step) >= size.view) return { element, list: counterpart(element, ends, listEnds) };
  const list = clamp(before.list + step, listEnds);
  const nearEnd = element < EDGE || ends - element < EDGE;
  return nearEnd && counterpart(element, ends, listEnds) !== list
    ? scrolledTo(size, list)
    : { element, list };
}

/** Return where both are when the list is to be at a position. */
export function scrolledTo(size: Tall, position: number): Scroll {
  const listEnds = Math.max(0, size.list - size.view);
  const list = clamp(position, listEnds);
  if (size.element === size.list) return { element: list, list };
  return { list, element: counterpart(list, listEnds, size.element - size.view) };
}

/** The same share of another length, but for the edges, which are as long in both. */
function counterpart(position: number, ends: number, otherEnds: number): number {
  if (position < EDGE) return position;
  if (ends - position < EDGE) return otherEnds - (ends - position);
  const share = (position - EDGE) / (ends - 2 * EDGE);
  return Math.round(EDGE + share * (otherEnds - 2 * EDGE));
}

const clamp = (position: number, most: number) => Math.max(0, Math.min(position, most));
