import { useState } from "react";

interface Versioned {
  metadata: { version: number };
}

interface Pause<Data> {
  /** What to show: the newest, or what was there when somebody pressed Pause. */
  shown: Data;
  paused: boolean;
  /** Whether something newer waits. */
  behind: boolean;
  toggle: () => void;
}

/** Lets a reader stop what moves by itself; nothing is lost meanwhile. */
export function usePause<Data extends Versioned>(newest: Data): Pause<Data> {
  const [held, setHeld] = useState<Data | null>(null);
  return {
    shown: held ?? newest,
    paused: held !== null,
    behind: held !== null && held.metadata.version < newest.metadata.version,
    toggle: () => setHeld(held === null ? newest : null),
  };
}
