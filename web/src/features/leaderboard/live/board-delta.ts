import type { LeaderboardData, LeaderboardEntry } from "@/api/types";
import { mergeRows, type RowChanges, untouched } from "@/live/delta";

export interface BoardChanges extends RowChanges<LeaderboardEntry> {
  metadata: LeaderboardData["metadata"];
}

const keyOf = (row: LeaderboardEntry) => row.uid;

/** Return page 1 as the changes leave it: ranked by place, then those without an amount, by id. */
export function applyBoardDelta(held: LeaderboardData, changes: BoardChanges): LeaderboardData {
  const { metadata } = changes;
  const kept = untouched(held.data, changes, keyOf);
  const ranked = mergeRows(
    kept.filter((row) => row.rank !== null),
    { changed: changes.changed.filter((row) => row.rank !== null), removed: [] },
    keyOf,
    (row) => row.rank ?? 0,
  );
  const unranked = [...kept, ...changes.changed]
    .filter((row) => row.rank === null)
    .sort((one, other) => one.id - other.id);
  return {
    data: [...ranked.map((row, index) => withRank(row, index + 1)), ...unranked],
    metadata,
    pagination: pagesOf(held.pagination, metadata.totalUsers),
  };
}

// The same object tells React that nothing has to be drawn anew.
function withRank(row: LeaderboardEntry, rank: number): LeaderboardEntry {
  return row.rank === rank ? row : { ...row, rank };
}

function pagesOf(held: LeaderboardData["pagination"], total: number): LeaderboardData["pagination"] {
  return { ...held, total, pages: Math.ceil(total / held.limit) };
}
