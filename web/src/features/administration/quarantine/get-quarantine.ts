import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import { KEYS } from "../shared/keys";
import { pageOf } from "../shared/page-of";

const SOON = 1_500;

export function quarantineQuery(filters: Partial<Record<"page" | "reviewed", string>>) {
  const query = {
    page: pageOf(filters.page),
    limit: 50,
    ...(filters.reviewed && { reviewed: filters.reviewed === "true" }),
  };
  return queryOptions({
    queryKey: [...KEYS.quarantine, query],
    queryFn: () => read(api.GET("/api/admin/quarantine", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function quarantinedQuery(runId: number) {
  return queryOptions({
    queryKey: [...KEYS.quarantine, runId],
    queryFn: () => read(api.GET("/api/admin/quarantine/{run_id}", { params: { path: { run_id: runId } } })),
    // A worker takes what was asked for within seconds.
    refetchInterval: ({ state }) => {
      const status = state.data?.run.request?.status;
      return status === "waiting" || status === "running" ? SOON : false;
    },
  });
}
