import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import { keepNewest } from "@/lib/newest";
import type { HistoryWindow } from "@/lib/windows";

export const PLAYERS_KEY = ["players"] as const;

/** `id` is a number or the feed's uid; the server takes either. */
export function playerQuery(id: string) {
  return queryOptions({
    queryKey: [...PLAYERS_KEY, id],
    queryFn: () => read(api.GET("/api/users/{person}", { params: { path: { person: id } } })),
    structuralSharing: keepNewest,
  });
}

export function historyQuery(id: string, window: HistoryWindow) {
  return queryOptions({
    queryKey: [...PLAYERS_KEY, id, "history", window],
    queryFn: () =>
      read(api.GET("/api/users/{person}/history", { params: { path: { person: id }, query: { window } } })),
    placeholderData: keepPreviousData,
  });
}
