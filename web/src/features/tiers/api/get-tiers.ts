import { queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";

export const tiersQuery = queryOptions({
  queryKey: ["tiers"],
  queryFn: () => read(api.GET("/api/tiers")),
});
