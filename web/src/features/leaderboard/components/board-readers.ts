import type { LeaderboardEntry, Period } from "@/api/types";
import { PERIODS } from "@/lib/windows";

const readerOf = (period: Period) => ({
  key: (row: LeaderboardEntry) => row.uid,
  place: (row: LeaderboardEntry) => row.rank,
  amount: (row: LeaderboardEntry) => row.wagered[period],
});

/** How changes of a board are told, by window. */
export const READERS = Object.fromEntries(PERIODS.map((period) => [period, readerOf(period)])) as Record<
  Period,
  ReturnType<typeof readerOf>
>;
