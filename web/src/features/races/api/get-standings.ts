import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import { keepNewest } from "@/lib/newest";
import { raceKey } from "./get-race";

/** As many as a race brings along itself, so that page 1 needs no further call. */
export const STANDINGS_PER_PAGE = 100;

/** A page of all standings, or of those whose name contains a text. */
export function standingsQuery(id: number, page: number, search = "") {
  return queryOptions({
    queryKey: [...raceKey(id), "standings", { page, search }],
    queryFn: () =>
      read(
        api.GET("/api/wager-races/{race_id}/standings", {
          params: {
            path: { race_id: id },
            query: { page, limit: STANDINGS_PER_PAGE, ...(search ? { search } : {}) },
          },
        }),
      ),
    structuralSharing: keepNewest,
    placeholderData: keepPreviousData,
  });
}
