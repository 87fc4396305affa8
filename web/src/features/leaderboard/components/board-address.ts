import type { Period } from "@/api/types";
import { searchText, wholeNumber } from "@/lib/addresses";
import { PERIODS } from "@/lib/windows";
import { ROWS_PER_PAGE } from "../api/get-leaderboard";

/** What the address of the leaderboard says; `rank` is the row that somebody jumped to. */
export interface BoardAddress {
  period: Period;
  search: string;
  rank?: number;
}

export const DEFAULT_ADDRESS = { period: "all_time", search: "" } as const satisfies BoardAddress;

/** Read an address that anybody may have typed, or kept from when boards had pages. */
export function readBoardAddress(params: Record<string, unknown>): BoardAddress {
  const rank = wholeNumber(params.rank) ?? firstOf(wholeNumber(params.page));
  return {
    period: PERIODS.find((period) => period === params.period) ?? DEFAULT_ADDRESS.period,
    search: searchText(params.search),
    ...(rank === undefined ? {} : { rank }),
  };
}

const firstOf = (page: number | undefined) =>
  page === undefined || page === 1 ? undefined : (page - 1) * ROWS_PER_PAGE + 1;
