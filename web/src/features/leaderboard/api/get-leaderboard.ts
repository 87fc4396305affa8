import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import type { Period } from "@/api/types";
import { keepNewest } from "@/lib/newest";

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

export function boardQuery(board: BoardPage) {
  const { period, page, search } = board;
  return queryOptions({
    queryKey: boardKey(board),
    queryFn: () =>
      read(
        api.GET("/api/leaderboard", {
          params: { query: { period, page, limit: ROWS_PER_PAGE, ...(search ? { search } : {}) } },
        }),
      ),
    structuralSharing: keepNewest,
    placeholderData: keepPreviousData,
  });
}
