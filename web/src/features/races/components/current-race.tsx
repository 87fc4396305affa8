import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Race } from "@/api/types";
import { PageError } from "@/components/layout/page-states";
import { LINK } from "@/components/ui/states";
import { usePause } from "@/hooks/use-pause";
import { count } from "@/lib/format";
import { useTopic } from "@/live/live-context";
import { texts } from "@/texts";
import { currentRaceQuery, raceQuery } from "../api/get-race";
import { STANDINGS_PER_PAGE } from "../api/get-standings";
import { RACES_TOPIC, raceTopic } from "../live/apply-race-frame";
import { AlsoLive } from "./also-live";
import { NoRace } from "./no-race";
import { RaceSkeleton } from "./race-skeleton";
import { RaceTools } from "./race-tools";
import { RaceView } from "./race-view";

const PLACES = 7;

/** The monthly race that is on, or what there is instead. */
export function CurrentRace() {
  const current = useQuery(currentRaceQuery());
  const id = current.data ?? null;
  const race = useQuery({ ...raceQuery(id ?? 0), enabled: id !== null });
  useTopic(RACES_TOPIC);
  useTopic(race.data ? raceTopic(race.data.id) : null);
  if (id !== null && race.data) {
    return (
      <div className="grid min-w-0 gap-4">
        <Shown key={id} race={race.data} />
        <AlsoLive except={id} />
      </div>
    );
  }
  const error = current.error ?? race.error;
  if (error) return <PageError error={error} retry={() => void (current.error ? current : race).refetch()} />;
  if (current.data === null) {
    return (
      <div className="grid min-w-0 gap-4">
        <NoRace />
        <AlsoLive except={null} />
      </div>
    );
  }
  return <RaceSkeleton />;
}

function Shown({ race: newest }: { race: Race }) {
  const { shown: race, ...pause } = usePause(newest);
  const navigate = useNavigate();
  const params = { id: String(race.id) };
  return (
    <RaceView
      race={race}
      places={PLACES}
      show={(place) =>
        void navigate({
          to: "/races/$id",
          params,
          search: { page: Math.ceil(place / STANDINGS_PER_PAGE), rank: place },
        })
      }
      tools={<RaceTools race={race} {...pause} />}
    >
      {() => (
        <p className="p-3 text-center">
          <Link to="/races/$id" params={params} className={`${LINK} inline-block py-2.5`}>
            {texts.race.showAll(count(race.metadata.participantCount))}
          </Link>
        </p>
      )}
    </RaceView>
  );
}
