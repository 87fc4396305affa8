import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read, readIfAny } from "@/api/client";
import type { Period } from "@/api/types";
import { keepNewest } from "@/lib/newest";
import { OWN_KEY } from "@/session/me";

/** The topic `leaderboard:{period}` carries as many. */
export const ROWS_PER_PAGE = 100;

export interface BoardPage {
  period: Period;
  page: number;
  /** A part of a name, or "" for everybody. */
  search: string;
}

export const boardsKey = (period: Period) => ["leaderboard", period] as const;

export const boardKey = ({ period, page, search }: BoardPage) =>
  [...boardsKey(period), { page, search }] as const;

export const firstPage = (period: Period): BoardPage => ({ period, page: 1, search: "" });

/** The first page, as it is now. */
export function boardQuery(board: BoardPage) {
  return queryOptions({
    queryKey: boardKey(board),
    queryFn: () => fetchPage(board),
    structuralSharing: keepNewest,
    placeholderData: keepPreviousData,
  });
}

/** What pages are true for: those of one moment and version belong together. */
export interface Pin {
  asOf: string;
  version: number;
}

export const pinnedKey = (board: BoardPage, { version }: Pin) =>
  [...boardKey(board), "pinned", version] as const;

/** A page as it was at the moment of a first page, whatever has come since. */
export function pinnedQuery(board: BoardPage, pin: Pin) {
  return queryOptions({
    queryKey: pinnedKey(board, pin),
    queryFn: () => fetchPage(board, pin.asOf),
    // What was does not change; what nobody looks at any more is soon of no use.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

function fetchPage({ period, page, search }: BoardPage, asOf?: string) {
  const query = {
    period,
    page,
    limit: ROWS_PER_PAGE,
    ...(search ? { search } : {}),
    ...(asOf ? { asOf } : {}),
  };
  return read(api.GET("/api/leaderboard", { params: { query } }));
}

/** The reader's own row with the one above it, at a version of the board; null if he stands on none. */
export function aroundQuery(period: Period, person: string, version: number) {
  return queryOptions({
    queryKey: [...OWN_KEY, "rank", period, person, version],
    queryFn: () =>
      readIfAny(
        api.GET("/api/leaderboard/around/{person}", {
          params: { path: { person }, query: { period, radius: 1 } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
