import type { LeaderboardData, Period, Race } from "@/api/types";
import type { FrameRow } from "@/features/frames/components/frame-rows";

export function raceRows(race: Race, top: number): FrameRow[] {
  return race.participants.slice(0, top).map((row) => ({
    key: row.goatedId,
    place: row.position,
    name: row.username,
    amount: row.wagered,
    prize: row.prize,
  }));
}

export function boardRows(board: LeaderboardData, period: Period, top: number): FrameRow[] {
  return board.data.slice(0, top).flatMap((row) => {
    if (row.rank === null) return [];
    return { key: row.uid, place: row.rank, name: row.name, amount: row.wagered[period], prize: 0 };
  });
}
