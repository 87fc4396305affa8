import type { Phase } from "@/api/types";
import { texts } from "@/texts";

/** A sign beside each word, so that no phase is told by colour alone. */
const SIGNS: Record<Exclude<Phase, "live">, string> = {
  scheduled: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 4.5V8l2.5 1.5",
  settling: "M4 1.5h8M4 14.5h8M5 1.5c0 4 6 4 6 6.5s-6 2.5-6 6.5M11 1.5c0 4-6 4-6 6.5s6 2.5 6 6.5",
  completed: "M2.5 8.5l3.5 3.5 7.5-8",
  cancelled: "M3.5 3.5l9 9M12.5 3.5l-9 9",
};

const COLOURS: Record<Phase, string> = {
  scheduled: "bg-coal text-white",
  live: "bg-coal text-white",
  settling: "bg-[#5c3d00] text-white",
  completed: "bg-[#17422a] text-white",
  cancelled: "bg-[#5e1f14] text-white",
};

/** The phase of a race; a live one has a dot that breathes. */
export function PhaseLabel({ phase }: { phase: Phase }) {
  return (
    <span
      data-phase={phase}
      className={`inline-flex items-center gap-2 rounded-full px-2.5 py-0.5 text-sm font-semibold ${COLOURS[phase]}`}
    >
      {phase === "live" ? (
        <span aria-hidden="true" className="size-2 animate-pulse-dot rounded-full bg-brand text-brand" />
      ) : (
        <svg viewBox="0 0 16 16" className="size-3.5 fill-none stroke-current stroke-2" aria-hidden="true">
          <path d={SIGNS[phase]} strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      )}
      {texts.race.phases[phase]}
    </span>
  );
}
