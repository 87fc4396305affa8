import type { QueryClient } from "@tanstack/react-query";
import type { Race } from "@/api/types";
import type { Outcome, TopicFrame } from "@/live/protocol";
import { observeClock, raceKey } from "../api/get-race";
import { RACES_KEY } from "../api/get-races";
import { applyRaceDelta, type RaceDelta } from "./race-delta";

export const raceTopic = (id: number) => `race:${id}`;
export const RACES_TOPIC = "races";

const idOf = (topic: string) => Number(topic.slice("race:".length));

export function heldRaceVersion(cache: QueryClient, topic: string): number | undefined {
  return cache.getQueryData<Race>(raceKey(idOf(topic)))?.metadata.version;
}

/** Write a frame of `race:{id}` into the cache. */
export function applyRaceFrame(cache: QueryClient, frame: TopicFrame): Outcome {
  const key = raceKey(idOf(frame.topic));
  const held = cache.getQueryData<Race>(key);
  if (held && held.metadata.version >= frame.version && frame.type !== "RACE_COMPLETED") return "kept";
  const next = nextRace(held, frame);
  if (next) {
    cache.setQueryData<Race>(key, observeClock(next));
    void cache.invalidateQueries({ queryKey: [...key, "standings"] });
  }
  if (frame.type === "RACE_COMPLETED") {
    // A completed race makes room for the next one, and the frame need not carry the standings.
    void cache.invalidateQueries({ queryKey: RACES_KEY });
    if (!next) void cache.invalidateQueries({ queryKey: key, exact: true });
    return "kept";
  }
  return next ? "kept" : "resync";
}

function nextRace(held: Race | undefined, frame: TopicFrame): Race | null {
  if (frame.type === "RACE_DELTA") {
    if (!held || held.metadata.version !== frame.base) return null;
    return applyRaceDelta(held, frame.data as RaceDelta);
  }
  return "participants" in (frame.data as object) ? (frame.data as Race) : null;
}

const RACES_VERSION = ["topic", RACES_TOPIC];

export function heldRacesVersion(cache: QueryClient): number | undefined {
  return cache.getQueryData<number>(RACES_VERSION);
}

/** A frame of `races` tells that races came, went or changed phase: another one may be the current one. */
export function applyRacesFrame(cache: QueryClient, frame: TopicFrame): Outcome {
  const held = heldRacesVersion(cache);
  if (held !== undefined && held >= frame.version) return "kept";
  cache.setQueryData<number>(RACES_VERSION, frame.version);
  void cache.invalidateQueries({ queryKey: RACES_KEY });
  return "kept";
}
