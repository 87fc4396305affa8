import { useRef } from "react";
import type { RaceParticipant } from "@/api/types";
import { Counting } from "@/components/ui/counting";
import { PlayerLink } from "@/components/ui/player-link";
import { flashOf, RankMove } from "@/components/ui/rank-move";
import { useRise } from "@/hooks/use-rise";
import type { RowChange } from "@/hooks/use-row-changes";
import { useSlide } from "@/hooks/use-slide";
import { money, prize } from "@/lib/format";
import { texts } from "@/texts";
import type { Asked } from "./why";
import { WhyPlace } from "./why-place";

interface PodiumProps {
  race: number;
  leaders: RaceParticipant[];
  changes: ReadonlyMap<string, RowChange>;
  /** Whether nothing can move these places any more. */
  final: boolean;
  ask: (asked: Asked) => void;
}

/** The first three: in the order of their places for readers, with the first in the middle for the eye. */
export function Podium({ race, leaders, changes, final, ask }: PodiumProps) {
  const list = useRef<HTMLOListElement>(null);
  useSlide(list, `podium:${race}`, leaders);
  return (
    <section aria-labelledby="podium" className="-mx-3 overflow-x-clip px-3">
      <h2 id="podium" className={final ? "mb-2 font-display text-2xl font-bold" : "sr-only"}>
        {final ? texts.race.finalPodium : texts.race.podium}
      </h2>
      <ol ref={list} className="relative grid grid-cols-2 items-end gap-2 sm:grid-cols-3 sm:gap-3">
        {leaders.map((row, index) => (
          <Step key={row.goatedId} row={row} index={index} change={changes.get(row.goatedId)} ask={ask} />
        ))}
      </ol>
    </section>
  );
}

const ORDER = ["max-sm:col-span-2 sm:order-2", "sm:order-1", "sm:order-3"];
const STEPS = ["sm:pt-6 sm:pb-12 border-accent border-2", "sm:pb-8 border-line border", "border-line border"];

interface StepProps {
  row: RaceParticipant;
  index: number;
  change: RowChange | undefined;
  ask: (asked: Asked) => void;
}

function Step({ row, index, change, ask }: StepProps) {
  const step = useRef<HTMLDivElement>(null);
  useRise(step, index);
  const first = index === 0;
  return (
    <li data-slide={row.goatedId} className={`relative min-w-0 ${ORDER[index]}`}>
      <div
        ref={step}
        className={`relative overflow-hidden rounded-lg bg-panel p-4 ${STEPS[index]} ${flashOf(change)}`}
      >
        <WhyPlace row={row} ask={ask} className="absolute right-0 bottom-0 min-h-16 min-w-16 px-3">
          <span className="font-display text-7xl leading-none font-bold text-line sm:text-8xl">
            {row.position}
          </span>
        </WhyPlace>
        <p className="relative flex w-fit max-w-full items-baseline gap-2">
          <PlayerLink
            id={row.goatedId}
            className={`truncate py-1 font-semibold hover:underline ${first ? "text-xl sm:text-2xl" : "text-lg"}`}
          >
            <bdi>{row.username}</bdi>
          </PlayerLink>
          <RankMove change={change} />
        </p>
        <p className="text-sm text-muted tabular-nums">
          <Counting value={row.wagered} format={money} />
        </p>
        <p
          className={`mt-2 font-display leading-none font-bold text-accent tabular-nums ${first ? "text-5xl" : "text-4xl"}`}
        >
          {row.prize > 0 ? prize(row.prize) : texts.race.noPrize}
        </p>
      </div>
    </li>
  );
}
