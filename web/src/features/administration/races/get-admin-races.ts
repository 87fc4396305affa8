import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import { KEYS } from "../shared/keys";
import { pageOf } from "../shared/page-of";
import type { RaceCreate, RaceOverview } from "../shared/types";

export type RaceFilters = Partial<Record<"page" | "status" | "type", string>>;

export function adminRacesQuery({ page, status, type }: RaceFilters) {
  const query = {
    page: pageOf(page),
    limit: 50,
    ...(status && { status: status as RaceOverview["status"] }),
    ...(type && { type: type as RaceOverview["type"] }),
  };
  return queryOptions({
    queryKey: [...KEYS.races, query],
    queryFn: () => read(api.GET("/api/admin/wager-races", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function adminRaceQuery(id: number) {
  return queryOptions({
    queryKey: [...KEYS.races, id],
    queryFn: () => read(api.GET("/api/admin/wager-races/{race_id}", { params: { path: { race_id: id } } })),
  });
}

export function participantsQuery(raceId: number, filters: { page: number; search: string }) {
  const query = {
    page: filters.page,
    limit: 50,
    ...(filters.search.length > 1 && { search: filters.search }),
  };
  return queryOptions({
    queryKey: [...KEYS.races, raceId, "participants", query],
    queryFn: () =>
      read(
        api.GET("/api/admin/wager-races/{race_id}/participants", {
          params: { path: { race_id: raceId }, query },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

/** What a race would be. */
export function previewQuery(race: RaceCreate | null) {
  return queryOptions({
    queryKey: [...KEYS.preview, race],
    enabled: race !== null,
    queryFn: () => read(api.POST("/api/admin/wager-races/preview", { body: race as RaceCreate })),
    placeholderData: keepPreviousData,
    retry: false,
  });
}
