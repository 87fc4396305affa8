import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, read } from "@/api/client";

const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: () => read(api.GET("/api/health")),
  // How often reports come is a setting, which no running server changes.
  staleTime: Number.POSITIVE_INFINITY,
});

/** From what age in milliseconds on figures are old, by the server's own measure; null until it has said. */
export function useStaleAfter(): number | null {
  const { data } = useQuery(healthQuery);
  return data ? data.staleAfterSeconds * 1000 : null;
}
