import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/client";
import { noticeEnd } from "@/session/me";

// The socket brings what is new; fetching again is for pages that were away.
const FRESH_FOR = 30_000;
const RETRIES = 2;

export function createQueryClient(): QueryClient {
  const onError = (error: Error) => noticeEnd(cache, error);
  const cache: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_FOR,
        retry: (failures, error) => failures < RETRIES && !isRefusal(error),
      },
    },
  });
  return cache;
}

/** What the server refused it will refuse again. */
function isRefusal(error: Error): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500;
}
