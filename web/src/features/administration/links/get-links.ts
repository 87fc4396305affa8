import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import { KEYS } from "../shared/keys";
import { pageOf } from "../shared/page-of";
import type { LinkReview } from "../shared/types";

export function linksQuery(filters: Partial<Record<"page" | "status", string>>) {
  const status = filters.status as LinkReview["status"] | "all" | undefined;
  const query = {
    page: pageOf(filters.page),
    limit: 50,
    ...(status && status !== "all" && { status }),
  };
  return queryOptions({
    queryKey: [...KEYS.links, query],
    queryFn: () => read(api.GET("/api/admin/link-requests", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}
