import { searchText, wholeNumber } from "@/lib/addresses";

/** What the address of a race says; `rank` is the row that somebody jumped to. */
export interface RaceAddress {
  page: number;
  search: string;
  rank?: number;
}

export const DEFAULT_RACE = { page: 1, search: "" } as const satisfies RaceAddress;

/** Read an address that anybody may have typed. */
export function readRaceAddress(params: Record<string, unknown>): RaceAddress {
  const rank = wholeNumber(params.rank);
  return {
    page: wholeNumber(params.page) ?? 1,
    search: searchText(params.search),
    ...(rank === undefined ? {} : { rank }),
  };
}
