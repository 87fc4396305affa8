import type { Phase } from "@/api/types";
import { texts } from "@/texts/en";

/** The phase of a race; a live one has a dot that breathes. */
export function PhaseLabel({ phase }: { phase: Phase }) {
  const live = phase === "live";
  return (
    <span className="inline-flex items-center gap-2 rounded-full bg-coal px-2.5 py-0.5 text-sm font-semibold text-white">
      {live && (
        <span aria-hidden="true" className="size-2 animate-pulse-dot rounded-full bg-brand text-brand" />
      )}
      {texts.race.phases[phase]}
    </span>
  );
}
