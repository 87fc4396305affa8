import type { ReactNode } from "react";
import type { RaceParticipant } from "@/api/types";
import { count } from "@/lib/format";
import { texts } from "@/texts";
import type { Asked } from "./why";

interface WhyPlaceProps {
  row: RaceParticipant;
  ask: (asked: Asked) => void;
  className: string;
  children: ReactNode;
}

/** A place that says, when it is pressed, how it was counted; nothing is told of whoever hides himself. */
export function WhyPlace({ row, ask, className, children }: WhyPlaceProps) {
  const { goatedId: person, username: name, position } = row;
  const place = texts.race.placeOf(count(position));
  if (person.startsWith("hidden-")) {
    return (
      <span className={className}>
        <span className="sr-only">{place}</span>
        <span aria-hidden="true">{children}</span>
      </span>
    );
  }
  return (
    <button
      type="button"
      title={texts.race.why.hint}
      onClick={() => ask({ person, name, position })}
      className={`group cursor-help text-left ${className}`}
    >
      <span className="sr-only">
        {place}: {texts.race.why.hint}
      </span>
      <span aria-hidden="true">{children}</span>
    </button>
  );
}
