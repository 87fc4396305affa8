import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import { KEYS } from "../shared/keys";
import { pageOf } from "../shared/page-of";
import type { Award } from "../shared/types";

export type AwardFilters = Partial<Record<"page" | "status" | "race" | "player", string>>;

/** The same filters as the wire takes them. */
export function awardsWanted({ status, race, player }: AwardFilters) {
  return {
    ...(status && { status: status as Award["status"] }),
    ...(race && { race: Number(race) }),
    ...(player && { player }),
  };
}

export function awardsQuery(filters: AwardFilters) {
  const query = { page: pageOf(filters.page), limit: 50, ...awardsWanted(filters) };
  return queryOptions({
    queryKey: [...KEYS.awards, query],
    queryFn: () => read(api.GET("/api/admin/awards", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}
