/** Whether things may move: the reader has not asked for less of it, and the browser knows how. */
export function mayMove(): boolean {
  return (
    typeof document.body.animate === "function" &&
    !window.matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}

/** Fast at first, slow at the end: the eye finds the row while it is still under way. */
export const EASE_OUT = "cubic-bezier(0.2, 0.8, 0.2, 1)";
