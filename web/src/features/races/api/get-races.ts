import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import type { RaceSummary } from "@/api/types";
import type { ArchiveAddress } from "../archive-address";

export const RACES_PER_PAGE = 20;

/** Lists of races and which of them is current; a race itself is under `raceKey`. */
export const RACES_KEY = ["races"] as const;

/** A page of the races that are over, newest first. */
export function archiveQuery({ page, type, status, search }: ArchiveAddress) {
  return queryOptions({
    queryKey: [...RACES_KEY, "archive", { page, type, status, search }],
    queryFn: () =>
      read(
        api.GET("/api/wager-races", {
          params: {
            query: {
              page,
              limit: RACES_PER_PAGE,
              status,
              ...(type === "all" ? {} : { type }),
              ...(search ? { search } : {}),
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

/** The races that go on now; the one that ends first comes first. */
export function liveRacesQuery() {
  return queryOptions({
    queryKey: [...RACES_KEY, "live"],
    queryFn: async (): Promise<RaceSummary[]> => {
      const answer = await read(
        api.GET("/api/wager-races", { params: { query: { status: "live", limit: 100 } } }),
      );
      return answer.data.toSorted((one, other) => one.endDate.localeCompare(other.endDate));
    },
  });
}

/** The races that are set up but not started; the nearest comes first. */
export function scheduledRacesQuery() {
  return queryOptions({
    queryKey: [...RACES_KEY, "scheduled"],
    queryFn: async (): Promise<RaceSummary[]> => {
      const answer = await read(
        api.GET("/api/wager-races", { params: { query: { status: "scheduled", limit: 100 } } }),
      );
      return answer.data.toSorted((one, other) => one.startDate.localeCompare(other.startDate));
    },
  });
}
