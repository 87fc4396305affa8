import { type RefObject, useLayoutEffect } from "react";
import { mayMove } from "@/lib/motion";
import { nearWindow } from "@/lib/visibility";
import type { RowChange } from "./use-row-changes";

const TAKES = 1_600;

/** Let the rows that a report changed light up, if they can be seen: lighting a hundred costs every frame. */
export function useFlash(root: RefObject<HTMLElement | null>, changes: ReadonlyMap<string, RowChange>): void {
  useLayoutEffect(() => {
    if (changes.size === 0 || !root.current || !mayMove()) return;
    const isNear = nearWindow(root.current);
    for (const element of root.current.querySelectorAll<HTMLElement>("[data-slide]")) {
      if (changes.has(element.dataset.slide ?? "") && isNear(element.offsetTop)) {
        element.animate([{ backgroundColor: "var(--flash)" }, {}], { duration: TAKES, easing: "ease-out" });
      }
    }
  }, [root, changes]);
}
