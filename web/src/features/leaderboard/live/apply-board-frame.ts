import type { QueryClient } from "@tanstack/react-query";
import type { LeaderboardData, Period } from "@/api/types";
import type { Outcome, TopicFrame } from "@/live/protocol";
import { type BoardPage, boardKey, boardsKey, firstPage } from "../api/get-leaderboard";
import { applyBoardDelta, type BoardDelta } from "./board-delta";

export const boardTopic = (period: Period) => `leaderboard:${period}`;

const periodOf = (topic: string) => topic.slice("leaderboard:".length) as Period;

export function heldBoardVersion(cache: QueryClient, topic: string): number | undefined {
  return cache.getQueryData<LeaderboardData>(boardKey(firstPage(periodOf(topic))))?.metadata.version;
}

/** Write a frame of `leaderboard:{period}` into the first page; the first pages of searches are asked for again. */
export function applyBoardFrame(cache: QueryClient, frame: TopicFrame): Outcome {
  const period = periodOf(frame.topic);
  const key = boardKey(firstPage(period));
  const held = cache.getQueryData<LeaderboardData>(key);
  if (held && held.metadata.version >= frame.version) return "kept";
  const next = nextBoard(held, frame);
  if (!next) return "resync";
  cache.setQueryData<LeaderboardData>(key, next);
  void cache.invalidateQueries({
    queryKey: boardsKey(period),
    // What is pinned to a version, and longer keys are, stays what it was.
    predicate: ({ queryKey, state }) =>
      queryKey.length === boardKey(firstPage(period)).length &&
      !isFirst(queryKey[2] as BoardPage) &&
      ((state.data as LeaderboardData | undefined)?.metadata.version ?? 0) < frame.version,
  });
  return "kept";
}

function nextBoard(held: LeaderboardData | undefined, frame: TopicFrame): LeaderboardData | null {
  if (frame.type === "LEADERBOARD_DELTA") {
    if (!held || held.metadata.version !== frame.base) return null;
    return applyBoardDelta(held, frame.data as BoardDelta);
  }
  return frame.data as LeaderboardData;
}

const isFirst = ({ page, search }: BoardPage) => page === 1 && search === "";
