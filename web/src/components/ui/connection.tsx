import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useConnection } from "@/live/live-context";
import { texts } from "@/texts";

// Shorter gaps are over before anybody could read about them.
const WORTH_SAYING = 2_000;
// Without the socket the figures are fetched; the server answers most of these with 304.
const POLL_EVERY = 30_000;

const LABELS = { open: "live", connecting: "connecting", lost: "lost" } as const;
const COLOURS = { open: "text-rise", connecting: "text-muted", lost: "text-fall" };

/** A dot and a word for the state of the connection. */
export function ConnectionDot() {
  const state = useConnection();
  return (
    <span data-testid="connection" data-state={state} className="flex items-center gap-2 text-sm font-medium">
      <span
        aria-hidden="true"
        className={`size-2 rounded-full bg-current ${COLOURS[state]} ${state === "open" ? "animate-pulse-dot" : ""}`}
      />
      <span className="max-sm:sr-only">{texts.connection[LABELS[state]]}</span>
    </span>
  );
}

/** Says, politely, that the connection is gone, and meanwhile keeps the figures coming. */
export function ConnectionBanner() {
  const lost = useLost();
  const online = useOnline();
  useFetchingWhile(lost);
  return (
    <div role="status" aria-live="polite">
      {lost && (
        <p className="bg-warn-panel px-4 py-2 text-center text-sm font-medium text-warn-ink">
          {online ? texts.connection.banner : texts.info.offline}
        </p>
      )}
    </div>
  );
}

/** Whether the machine has a network at all. */
function useOnline(): boolean {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener("online", changed);
      window.addEventListener("offline", changed);
      return () => {
        window.removeEventListener("online", changed);
        window.removeEventListener("offline", changed);
      };
    },
    () => navigator.onLine,
  );
}

function useLost(): boolean {
  const state = useConnection();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLost(state !== "open"), state === "open" ? 0 : WORTH_SAYING);
    return () => clearTimeout(timer);
  }, [state]);
  return lost;
}

function useFetchingWhile(lost: boolean): void {
  const cache = useQueryClient();
  useEffect(() => {
    if (!lost) return;
    const timer = setInterval(() => void cache.invalidateQueries(), POLL_EVERY);
    return () => clearInterval(timer);
  }, [cache, lost]);
}
