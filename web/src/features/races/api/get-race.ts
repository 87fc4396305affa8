import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, read, readIfAny } from "@/api/client";
import type { Race } from "@/api/types";
import { keepNewest } from "@/lib/newest";
import { serverClock } from "@/lib/server-clock";
import { RACES_KEY } from "./get-races";

export const raceKey = (id: number) => ["race", id] as const;

export function raceQuery(id: number) {
  return queryOptions({
    queryKey: raceKey(id),
    queryFn: async () =>
      observeClock(await read(api.GET("/api/wager-races/{race_id}", { params: { path: { race_id: id } } }))),
    structuralSharing: keepNewest,
  });
}

/** The id of the current race of a type, or null; the race itself goes where the socket keeps it up to date. */
export function currentRaceQuery(type: Race["type"] = "monthly") {
  return queryOptions({
    queryKey: [...RACES_KEY, "current", type],
    queryFn: async ({ client }) =>
      keepRace(client, await readIfAny(api.GET("/api/wager-races/current", { params: { query: { type } } }))),
  });
}

export function previousRaceQuery(type: Race["type"] = "monthly") {
  return queryOptions({
    queryKey: [...RACES_KEY, "previous", type],
    queryFn: async ({ client }) =>
      keepRace(
        client,
        await readIfAny(api.GET("/api/wager-races/previous", { params: { query: { type } } })),
      ),
  });
}

function keepRace(cache: QueryClient, race: Race | null): number | null {
  if (!race) return null;
  cache.setQueryData<Race>(raceKey(race.id), (held) => keepNewest(held, observeClock(race)) as Race);
  return race.id;
}

/** Learn the server's time from what it says is left of a race. */
export function observeClock(race: Race): Race {
  const { phase, secondsLeft } = race.metadata;
  const until = phase === "scheduled" ? race.startDate : race.endDate;
  if (secondsLeft > 0) serverClock.observe(Date.parse(until) - secondsLeft * 1000);
  return race;
}
