import { type RefObject, useLayoutEffect, useRef } from "react";
import { EASE_OUT, mayMove } from "@/lib/motion";
import { nearWindow } from "@/lib/visibility";

const TAKES = 700;
// A row that comes from far away need not cross the whole page.
const LONGEST = 700;
const NAME = "slide";

interface Place {
  x: number;
  y: number;
}

/**
 * Let elements with `data-slide` slide to where they have come to stand, whenever `rows` are others.
 * Another `list` has other rows, not moved ones: nothing slides.
 */
export function useSlide(root: RefObject<HTMLElement | null>, list: string, rows: unknown): void {
  const held = useRef<{ list: string; places: Map<string, Place> }>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `rows` says when, not what
  useLayoutEffect(() => {
    if (!root.current) return;
    const elements = [...root.current.querySelectorAll<HTMLElement>("[data-slide]")];
    // All are read before any is moved: one layout for all of them. An offset knows of no transform.
    const places = new Map(elements.map((element) => [element.dataset.slide ?? "", placeOf(element)]));
    const before = held.current;
    held.current = { list, places };
    if (before?.list !== list || !mayMove()) return;
    const isNear = nearWindow(root.current);
    const moves = elements
      .flatMap((element) => moveOf(element, before.places, places))
      // What comes from out of sight, and goes there, may as well be there at once.
      .filter(({ to, from }) => isNear(to.y) || isNear(to.y + limited(from.y)));
    for (const { element, from } of moves) slideFrom(element, from);
  }, [root, list, rows]);
}

const placeOf = (element: HTMLElement): Place => ({ x: element.offsetLeft, y: element.offsetTop });

interface Move {
  element: HTMLElement;
  to: Place;
  from: Place;
}

function moveOf(element: HTMLElement, before: Map<string, Place>, now: Map<string, Place>): Move[] {
  const key = element.dataset.slide ?? "";
  const [old, next] = [before.get(key), now.get(key)];
  if (!old || !next) return [];
  const still = underWay(element);
  const from = { x: old.x - next.x + still.x, y: old.y - next.y + still.y };
  return Math.abs(from.x) + Math.abs(from.y) < 1 ? [] : [{ element, to: next, from }];
}

const limited = (distance: number) => Math.max(-LONGEST, Math.min(LONGEST, distance));

/** How far an element still is from where its last slide takes it. */
function underWay(element: HTMLElement): Place {
  if (!element.getAnimations().some(({ id }) => id === NAME)) return { x: 0, y: 0 };
  const { m41, m42 } = new DOMMatrixReadOnly(getComputedStyle(element).transform);
  return { x: m41, y: m42 };
}

/** Let an element slide to where it stands from so many pixels away. */
export function slideFrom(element: HTMLElement, from: Place): void {
  for (const animation of element.getAnimations()) if (animation.id === NAME) animation.cancel();
  // Who rises passes above whom he overtakes. Among the keyframes this would keep the compositor from
  // moving the element by itself.
  element.style.zIndex = from.y > 0 ? "2" : "1";
  const animation = element.animate(
    [{ transform: `translate(${from.x}px, ${limited(from.y)}px)` }, { transform: "none" }],
    { id: NAME, duration: TAKES, easing: EASE_OUT },
  );
  animation.onfinish = () => element.style.removeProperty("z-index");
}
