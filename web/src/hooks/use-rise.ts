import { type RefObject, useLayoutEffect } from "react";
import { EASE_OUT, mayMove } from "@/lib/motion";

const TAKES = 700;
const APART = 180;
const STEPS = 3;

/** Let a step of a podium come up from the floor when it first stands there: the lowest first, the highest last. */
export function useRise(step: RefObject<HTMLElement | null>, index: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: who changes his step slides; he does not rise again
  useLayoutEffect(() => {
    if (!step.current || !mayMove()) return;
    step.current.animate(
      [
        { opacity: 0, transform: "translateY(3rem)", clipPath: "inset(0 0 100% 0)" },
        { opacity: 1, transform: "none", clipPath: "inset(0)" },
      ],
      { duration: TAKES, delay: (STEPS - 1 - index) * APART, easing: EASE_OUT, fill: "backwards" },
    );
  }, []);
}
