import { useQuery } from "@tanstack/react-query";
import type { Race, RacePosition } from "@/api/types";
import { Counting } from "@/components/ui/counting";
import { QUIET_BUTTON } from "@/components/ui/states";
import { useOwnPlayer } from "@/hooks/use-own-player";
import { count, money, ordinal, prize } from "@/lib/format";
import { texts } from "@/texts";
import { positionQuery } from "../api/get-position";
import type { Asked } from "./why";

interface MyPlaceProps {
  race: Race;
  /** Go to a place in the standings. */
  show: (position: number) => void;
  ask: (asked: Asked) => void;
}

/** The reader's own row, pinned to the bottom of the window, with what he lacks. */
export function MyPlace({ race, show, ask }: MyPlaceProps) {
  const own = useOwnPlayer();
  const { data: mine } = useQuery({
    ...positionQuery(race.id, own?.uid ?? "", race.metadata.version),
    enabled: own !== null && race.metadata.phase !== "scheduled",
  });
  if (!own || !mine) return null;
  const { uid: person, name } = own;
  const { position } = mine;
  return (
    <section
      aria-label={texts.race.me.label}
      className="sticky bottom-0 z-20 flex flex-wrap items-center gap-x-4 gap-y-1 rounded-lg border-2 border-accent bg-panel px-3 py-2 shadow-lg tabular-nums sm:px-4"
    >
      <p className="flex min-w-0 items-baseline gap-3">
        <span className="font-display text-3xl leading-none font-bold">
          {position === null ? "–" : ordinal(position)}
        </span>
        <span className="truncate font-semibold">
          {texts.race.me.you} · <bdi>{name}</bdi>
        </span>
        <Counting value={mine.wagered} format={money} />
      </p>
      <Gaps mine={mine} paid={race.metadata.prizes.length} />
      <span className="ml-auto flex gap-2">
        {position !== null && (
          <button type="button" className={QUIET_BUTTON} onClick={() => show(position)}>
            {texts.race.me.show}
          </button>
        )}
        <button type="button" className={QUIET_BUTTON} onClick={() => ask({ person, name, position })}>
          {texts.race.why.short}
        </button>
      </span>
    </section>
  );
}

/** What he lacks to the place above, and to the last that pays, or what he gets as it stands. */
function Gaps({ mine, paid }: { mine: RacePosition; paid: number }) {
  const { me } = texts.race;
  const gaps = [
    mine.position === 1 && me.leads,
    mine.position !== 1 && mine.toNext !== null && me.toNext(money(mine.toNext)),
    mine.prize > 0 && me.gets(prize(mine.prize)),
    mine.prize === 0 && mine.toPrize !== null && me.toPrize(money(mine.toPrize), count(paid)),
  ].filter((gap) => gap !== false);
  return (
    <ul className="flex flex-wrap gap-x-4 text-sm">
      {gaps.map((gap) => (
        <li key={gap}>{gap}</li>
      ))}
    </ul>
  );
}
