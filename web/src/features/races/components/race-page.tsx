import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/api/client";
import type { Race } from "@/api/types";
import { NotFound } from "@/components/layout/not-found";
import { PageError } from "@/components/layout/page-states";
import { Pager } from "@/components/ui/pager";
import { usePause } from "@/hooks/use-pause";
import { useTopic } from "@/live/live-context";
import { raceQuery } from "../api/get-race";
import { STANDINGS_PER_PAGE } from "../api/get-standings";
import { raceTopic } from "../live/apply-race-frame";
import type { RaceAddress } from "../race-address";
import { MoreStandings } from "./more-standings";
import { RaceRules } from "./race-rules";
import { RaceSkeleton } from "./race-skeleton";
import { FindInRace, RaceTools } from "./race-tools";
import { RaceView } from "./race-view";

interface RacePageProps {
  id: number;
  address: RaceAddress;
  go: (change: Partial<RaceAddress>) => void;
}

/** Any race, with all its standings. */
export function RacePage({ id, address, go }: RacePageProps) {
  const { data: race, error, refetch } = useQuery(raceQuery(id));
  useTopic(race ? raceTopic(id) : null);
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (!race) return error ? <PageError error={error} retry={() => void refetch()} /> : <RaceSkeleton />;
  return <Shown race={race} address={address} go={go} />;
}

interface ShownProps {
  race: Race;
  address: RaceAddress;
  go: (change: Partial<RaceAddress>) => void;
}

function Shown({ race: newest, address: { page, search, rank }, go }: ShownProps) {
  const { shown: race, ...pause } = usePause(newest);
  const { metadata } = race;
  const first = page === 1 && search === "";
  const [times, setTimes] = useState(0);
  const show = (place: number) => {
    setTimes(times + 1);
    go({ search: "", page: Math.ceil(place / STANDINGS_PER_PAGE), rank: place });
  };
  return (
    <RaceView
      race={race}
      places={first ? STANDINGS_PER_PAGE : 0}
      rank={rank}
      times={times}
      show={show}
      rules={<RaceRules race={race} />}
      tools={<RaceTools race={race} {...pause} />}
      aside={
        <FindInRace race={race} search={search} find={(text) => go({ search: text, page: 1 })} jump={show} />
      }
    >
      {(ask) =>
        first ? (
          <Pager
            page={1}
            pages={Math.ceil(metadata.participantCount / STANDINGS_PER_PAGE)}
            go={(to) => go({ page: to })}
          />
        ) : (
          <MoreStandings
            id={race.id}
            page={page}
            search={search}
            rank={rank}
            times={times}
            paid={metadata.prizes.length}
            go={(to) => go({ page: to })}
            ask={ask}
          />
        )
      }
    </RaceView>
  );
}
