import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { prize } from "@/lib/format";
import { texts } from "@/texts";
import { liveRacesQuery } from "../api/get-races";
import { PhaseLabel } from "./phase-label";

/** The other races that go on now, of whatever type. */
export function AlsoLive({ except }: { except: number | null }) {
  const races = useQuery(liveRacesQuery()).data?.filter(({ id }) => id !== except) ?? [];
  if (races.length === 0) return null;
  return (
    <nav aria-label={texts.race.alsoLive}>
      <ul className="flex flex-wrap gap-2">
        {races.map((race) => (
          <li key={race.id} className="min-w-0 max-sm:basis-full">
            <Link
              to="/races/$id"
              params={{ id: String(race.id) }}
              className="flex min-h-11 items-center gap-3 rounded-md border border-line bg-panel px-3 py-1.5 text-sm hover:bg-raised"
            >
              <PhaseLabel phase={race.phase} />
              <span className="min-w-0 flex-1">{race.name}</span>
              <span className="font-display text-xl font-bold text-accent tabular-nums">
                {prize(race.prizePool)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
