import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiError } from "@/api/client";
import type { Race } from "@/api/types";
import { currentRaceQuery, raceQuery } from "@/features/races/api/get-race";
import { RACES_TOPIC } from "@/features/races/live/apply-race-frame";
import { useTopic } from "@/live/live-context";
import type { WhichRace } from "./frame-address";

/** From one race of a type to the next. */
const LOOK_AGAIN = 30_000;

/** The race of a frame, kept live; `missing` if there is none. */
export function useRace(which: WhichRace): { race: Race | undefined; missing: boolean } {
  const current = useQuery({
    ...currentRaceQuery("current" in which ? which.current : "monthly"),
    enabled: "current" in which,
    refetchInterval: LOOK_AGAIN,
  });
  const id = "id" in which ? which.id : (current.data ?? null);
  const { data: race, error } = useQuery({ ...raceQuery(id ?? 0), enabled: id !== null });
  useTopic(race ? `race:${race.id}` : null);
  useTopic("current" in which ? RACES_TOPIC : null);
  const name = race?.name;
  useEffect(() => {
    if (name) document.title = name;
  }, [name]);
  const notFound = error instanceof ApiError && error.status === 404;
  return { race, missing: notFound || ("current" in which && current.data === null) };
}
