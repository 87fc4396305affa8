import type { QueryClient } from "@tanstack/react-query";
import { applyBoardFrame, heldBoardVersion } from "@/features/leaderboard/live/apply-board-frame";
import { PLAYERS_KEY } from "@/features/players/api/get-player";
import {
  applyRaceFrame,
  applyRacesFrame,
  heldRacesVersion,
  heldRaceVersion,
  RACES_TOPIC,
} from "@/features/races/live/apply-race-frame";
import { serverClock } from "@/lib/server-clock";
import type { Outcome, TopicFrame } from "@/live/protocol";
import { LiveSocket } from "@/live/socket";

/** The one connection, wired to the one cache. */
export function liveSocketFor(cache: QueryClient): LiveSocket {
  return new LiveSocket({
    url: `${window.location.origin.replace(/^http/, "ws")}/ws`,
    heldVersion: (topic) => heldVersion(cache, topic),
    onFrame: (frame) => applyFrame(cache, frame),
    onServerTime: (now, first) => (first ? serverClock.restart(now) : serverClock.observe(now)),
  });
}

/** Write a frame into the cache; whoever shows the data sees the change. */
export function applyFrame(cache: QueryClient, frame: TopicFrame): Outcome {
  if (frame.topic === RACES_TOPIC) return applyRacesFrame(cache, frame);
  if (frame.topic.startsWith("race:")) return applyRaceFrame(cache, frame);
  if (!frame.topic.startsWith("leaderboard:")) return "kept";
  // A player's profile has no topic of its own: a new board means that there was a report.
  void cache.invalidateQueries({ queryKey: PLAYERS_KEY });
  return applyBoardFrame(cache, frame);
}

function heldVersion(cache: QueryClient, topic: string): number | undefined {
  if (topic.startsWith("race:")) return heldRaceVersion(cache, topic);
  if (topic.startsWith("leaderboard:")) return heldBoardVersion(cache, topic);
  return topic === RACES_TOPIC ? heldRacesVersion(cache) : undefined;
}
