import type { RaceParticipant } from "@/api/types";
import { PlayerLink } from "@/components/ui/player-link";
import { flashOf, RankMove } from "@/components/ui/rank-move";
import type { RowChange } from "@/hooks/use-row-changes";
import { money, prize } from "@/lib/format";
import { texts } from "@/texts/en";

interface PodiumProps {
  leaders: RaceParticipant[];
  changes: ReadonlyMap<string, RowChange>;
}

/** The first three: in the order of their places for readers, with the first in the middle for the eye. */
export function Podium({ leaders, changes }: PodiumProps) {
  return (
    <section aria-labelledby="podium">
      <h2 id="podium" className="sr-only">
        {texts.race.podium}
      </h2>
      <ol className="grid grid-cols-2 items-end gap-2 sm:grid-cols-3 sm:gap-3">
        {leaders.map((row, index) => (
          <Step key={row.goatedId} row={row} index={index} change={changes.get(row.goatedId)} />
        ))}
      </ol>
    </section>
  );
}

const STEPS = [
  "max-sm:col-span-2 sm:order-2 sm:pt-6 sm:pb-12 border-accent border-2",
  "sm:order-1 sm:pb-8 border-line border",
  "sm:order-3 border-line border",
];

function Step({
  row,
  index,
  change,
}: {
  row: RaceParticipant;
  index: number;
  change: RowChange | undefined;
}) {
  return (
    <li
      className={`relative min-w-0 overflow-hidden rounded-lg bg-panel p-4 ${STEPS[index]} ${flashOf(change)}`}
    >
      <span
        aria-hidden="true"
        className="absolute right-3 bottom-1 font-display text-7xl leading-none font-bold text-line sm:text-8xl"
      >
        {row.position}
      </span>
      <div className="relative">
        <p className="flex items-baseline gap-2">
          <span className="sr-only">{texts.race.placeOf(String(row.position))}</span>
          <PlayerLink
            id={row.goatedId}
            className={`truncate py-1 font-semibold hover:underline ${index === 0 ? "text-xl sm:text-2xl" : "text-lg"}`}
          >
            {row.username}
          </PlayerLink>
          <RankMove change={change} />
        </p>
        <p className="text-sm text-muted tabular-nums">{money(row.wagered)}</p>
        <p
          className={`mt-2 font-display leading-none font-bold text-accent tabular-nums ${index === 0 ? "text-5xl" : "text-4xl"}`}
        >
          {row.prize > 0 ? prize(row.prize) : texts.race.noPrize}
        </p>
      </div>
    </li>
  );
}
