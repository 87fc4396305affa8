import { useSyncExternalStore } from "react";
import { serverClock } from "@/lib/server-clock";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
// What everybody sees until the next tick: one render must not read two different times.
let shown: number | null = null;

function tick(): void {
  shown = serverClock.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Four times a second, so that a countdown never visibly skips a second.
  timer ??= setInterval(tick, 250);
  tick();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's time in whole seconds, as milliseconds, or null until the server has said it. */
export function useServerNow(): number | null {
  return useSyncExternalStore(subscribe, () => (shown === null ? null : Math.floor(shown / 1000) * 1000));
}
