import type { LeaderboardData, LeaderboardEntry } from "@/api/types";
import { applyDelta, type Delta, type Shape } from "@/live/delta";

export interface BoardDelta extends Delta<LeaderboardEntry> {
  metadata: LeaderboardData["metadata"];
}

const SHAPE: Shape<LeaderboardEntry> = {
  key: (row) => row.uid,
  place: (row) => row.rank,
  // The same object tells React that nothing has to be drawn anew; without an amount there is no rank.
  at: (row, rank) => (row.rank === null || row.rank === rank ? row : { ...row, rank }),
};

/** Return page 1 as the delta leaves it, or null if it does not belong to it. */
export function applyBoardDelta(held: LeaderboardData, delta: BoardDelta): LeaderboardData | null {
  const data = applyDelta(held.data, delta, SHAPE);
  if (!data) return null;
  const { metadata } = delta;
  return { data, metadata, pagination: pagesOf(held.pagination, metadata.totalUsers) };
}

function pagesOf(held: LeaderboardData["pagination"], total: number): LeaderboardData["pagination"] {
  return { ...held, total, pages: Math.ceil(total / held.limit) };
}
