import type { Race } from "@/api/types";
import { useServerNow } from "@/hooks/use-server-now";
import { count, countdown } from "@/lib/format";
import { texts } from "@/texts";

/** How long a race goes on, or until it starts; of one that is over, its state. In em, on one line. */
export function FrameClock({ race }: { race: Race }) {
  const { phase, secondsLeft } = race.metadata;
  const now = useServerNow();
  if (phase !== "live" && phase !== "scheduled")
    return <p className="font-semibold">{texts.race.phases[phase]}</p>;
  const until = Date.parse(phase === "scheduled" ? race.startDate : race.endDate);
  const { days, hours, minutes, seconds } = countdown(now === null ? secondsLeft * 1000 : until - now);
  const clock = [hours, minutes, seconds].map((part) => String(part).padStart(2, "0")).join(":");
  return (
    <p role="timer" aria-live="off" className="flex items-baseline gap-[0.5em] tabular-nums">
      <span className="text-[0.8em] font-semibold">
        {phase === "scheduled" ? texts.race.startsIn : texts.race.endsIn}
      </span>
      <span className="font-display text-[1.4em] leading-none font-bold whitespace-nowrap">
        {days > 0 && `${count(days)} ${texts.race.days} `}
        {clock}
      </span>
    </p>
  );
}
