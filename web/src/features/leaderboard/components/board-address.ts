import type { Period } from "@/api/types";
import { PERIODS } from "@/lib/windows";

/** What the address of the leaderboard says; `rank` is the row that somebody jumped to. */
export interface BoardAddress {
  period: Period;
  page: number;
  search: string;
  rank?: number;
}

export const DEFAULT_ADDRESS = { period: "all_time", page: 1, search: "" } as const satisfies BoardAddress;
export const MIN_SEARCH = 2;
const MAX_SEARCH = 64;

/** Read an address that anybody may have typed. */
export function readBoardAddress(params: Record<string, unknown>): BoardAddress {
  const rank = wholeNumber(params.rank);
  const search = String(params.search ?? "").slice(0, MAX_SEARCH);
  return {
    period: PERIODS.find((period) => period === params.period) ?? DEFAULT_ADDRESS.period,
    page: wholeNumber(params.page) ?? DEFAULT_ADDRESS.page,
    search: search.trim().length >= MIN_SEARCH ? search : "",
    ...(rank === undefined ? {} : { rank }),
  };
}

/** A whole number from 1, or undefined. */
export function wholeNumber(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= 1 && number <= 1e9 ? number : undefined;
}
