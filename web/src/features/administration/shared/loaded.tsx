import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState, SkeletonRows } from "@/components/ui/states";

interface LoadedProps<Data> {
  query: Pick<UseQueryResult<Data>, "data" | "error" | "refetch">;
  rows?: number;
  children: (data: Data) => ReactNode;
}

/** What a query gave; until then grey rows, or why it failed. */
export function Loaded<Data>({ query, rows = 5, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return <SkeletonRows rows={rows} />;
}
