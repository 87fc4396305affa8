import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Race } from "@/api/types";
import { useServerNow } from "@/hooks/use-server-now";
import { countdown } from "@/lib/format";
import { texts } from "@/texts";
import { raceKey } from "../api/get-race";
import { RACES_KEY } from "../api/get-races";

/** How long a live race goes on, or until a scheduled one starts. */
export function RaceCountdown({ race }: { race: Race }) {
  const { phase } = race.metadata;
  const now = useServerNow();
  const until = Date.parse(phase === "scheduled" ? race.startDate : race.endDate);
  // The server's own figure serves until its clock is known.
  const left = now === null ? race.metadata.secondsLeft * 1000 : until - now;
  useAskWhenOver(race.id, left <= 0);
  const { days, hours, minutes, seconds } = countdown(left);
  return (
    <div data-testid="race-countdown" role="timer" aria-live="off">
      <p className="text-sm font-semibold">
        {phase === "scheduled" ? texts.race.startsIn : texts.race.endsIn}
      </p>
      <p className="sr-only">{texts.race.left(days, hours, minutes)}</p>
      <p aria-hidden="true" className="flex gap-3 font-display font-bold tabular-nums sm:gap-5">
        {days > 0 && <Part value={days} unit={texts.race.days} />}
        <Part value={hours} unit={texts.race.hours} />
        <Part value={minutes} unit={texts.race.minutes} />
        <Part value={seconds} unit={texts.race.seconds} />
      </p>
    </div>
  );
}

function Part({ value, unit }: { value: number; unit: string }) {
  return (
    <span className="grid min-w-[1.1em] text-[clamp(3rem,13vw,5.5rem)] leading-[0.95]">
      {String(value).padStart(2, "0")}
      <span className="font-sans text-xs leading-tight font-medium">{unit}</span>
    </span>
  );
}

/** The server alone ends a race: when the time is up, ask it, for a socket may be down just then. */
function useAskWhenOver(id: number, over: boolean): void {
  const cache = useQueryClient();
  useEffect(() => {
    if (!over) return;
    const timer = setTimeout(() => {
      void cache.invalidateQueries({ queryKey: raceKey(id) });
      void cache.invalidateQueries({ queryKey: RACES_KEY });
    }, 1_500);
    return () => clearTimeout(timer);
  }, [cache, id, over]);
}
