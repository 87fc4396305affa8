import { queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import { KEYS } from "../shared/keys";

/** So many of its next races are shown. */
const PREVIEWED = 5;

const pathOf = (id: number) => ({ path: { series_id: id } });

export const allSeriesQuery = queryOptions({
  queryKey: [...KEYS.series, "all"],
  queryFn: () => read(api.GET("/api/admin/race-series")),
});

export function seriesQuery(id: number) {
  return queryOptions({
    queryKey: [...KEYS.series, id],
    queryFn: () => read(api.GET("/api/admin/race-series/{series_id}", { params: pathOf(id) })),
  });
}

export function seriesPreviewQuery(id: number) {
  return queryOptions({
    queryKey: [...KEYS.series, id, "preview"],
    queryFn: () =>
      read(
        api.GET("/api/admin/race-series/{series_id}/preview", {
          params: { ...pathOf(id), query: { count: PREVIEWED } },
        }),
      ),
  });
}
