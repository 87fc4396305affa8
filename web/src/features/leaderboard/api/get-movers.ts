import { queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import type { LeaderboardEntry, Period } from "@/api/types";
import { ROWS_PER_PAGE } from "./get-leaderboard";

export interface Mover {
  row: LeaderboardEntry;
  /** Places won or lost; null for somebody who was not among those compared. */
  climbed: number | null;
}

const SHOWN = 6;

/** Who of the first page moved most since a moment, by the boards of then and of now. */
export function moversQuery(period: Period, since: string) {
  const page = { period, page: 1, limit: ROWS_PER_PAGE };
  return queryOptions({
    queryKey: ["movers", period, since],
    queryFn: async () => {
      const [then, now] = await Promise.all([
        read(api.GET("/api/leaderboard", { params: { query: { ...page, asOf: since } } })),
        read(api.GET("/api/leaderboard", { params: { query: page } })),
      ]);
      return moversOf(then.data, now.data);
    },
    staleTime: 300_000,
  });
}

/** The greatest moves first; who came from outside comes last, for nobody knows from how far. */
export function moversOf(then: LeaderboardEntry[], now: LeaderboardEntry[]): Mover[] {
  const before = new Map(then.map(({ uid, rank }) => [uid, rank]));
  return now
    .flatMap((row): Mover[] => {
      const was = before.get(row.uid) ?? null;
      if (row.rank === null) return [];
      return [{ row, climbed: was === null ? null : was - row.rank }];
    })
    .filter(({ climbed }) => climbed !== 0)
    .toSorted((one, other) => Math.abs(other.climbed ?? 0) - Math.abs(one.climbed ?? 0))
    .slice(0, SHOWN);
}
