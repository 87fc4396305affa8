import type { Period } from "@/api/types";
import { searchText, wholeNumber } from "@/lib/addresses";
import { PERIODS } from "@/lib/windows";

/** What the address of the leaderboard says; `rank` is the row that somebody jumped to. */
export interface BoardAddress {
  period: Period;
  page: number;
  search: string;
  rank?: number;
}

export const DEFAULT_ADDRESS = { period: "all_time", page: 1, search: "" } as const satisfies BoardAddress;

/** Read an address that anybody may have typed. */
export function readBoardAddress(params: Record<string, unknown>): BoardAddress {
  const rank = wholeNumber(params.rank);
  return {
    period: PERIODS.find((period) => period === params.period) ?? DEFAULT_ADDRESS.period,
    page: wholeNumber(params.page) ?? DEFAULT_ADDRESS.page,
    search: searchText(params.search),
    ...(rank === undefined ? {} : { rank }),
  };
}
