import { type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiError, api, read } from "@/api/client";
import { holdCsrfToken } from "@/api/csrf";
import type { components } from "@/api/schema";

type Answer = components["schemas"]["Me"];
export type Me = Answer["user"];
export type Permission = Me["permissions"][number];

const ME_KEY = ["me"] as const;
/** Everything that is only its owner's to see is cached below this, and goes when he signs out. */
export const OWN_KEY = ["own"] as const;
// Says that somebody signed in here, so that a stranger's browser asks for nobody. Who it is says the cookie.
const HERE = "signed-in";

/** Who is signed in; null for a stranger. */
export const meQuery = queryOptions({
  queryKey: ME_KEY,
  staleTime: 60_000,
  queryFn: async (): Promise<Me | null> => {
    if (localStorage.getItem(HERE) === null) return null;
    try {
      return hold(await read(api.GET("/api/auth/me")));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      letGo();
      return null;
    }
  },
});

/** Who is signed in: null for a stranger, undefined while nobody knows. */
export function useMe(): Me | null | undefined {
  return useQuery(meQuery).data;
}

/** Take over whom the server has just let in. */
export function signedIn(cache: QueryClient, answer: Answer): void {
  localStorage.setItem(HERE, "1");
  // Whoever only shows his password again keeps what he has open.
  if (cache.getQueryData<Me | null>(ME_KEY)?.id !== answer.user.id) forgetPrivate(cache);
  cache.setQueryData(ME_KEY, hold(answer));
}

/** Show his account as a change has left it. */
export function changedMe(cache: QueryClient, me: Me): void {
  cache.setQueryData(ME_KEY, me);
}

/** Show a visitor again when the server says that the session has ended meanwhile. */
export function noticeEnd(cache: QueryClient, error: Error): void {
  if (error instanceof ApiError && error.code === "not_signed_in") signedOut(cache);
}

/** See it when another tab signs in or out. */
export function useOtherTabs(): void {
  const cache = useQueryClient();
  useEffect(() => {
    const heard = ({ key, newValue }: StorageEvent) => {
      // The key is null when everything was cleared, as the server has it done at signing out, here as well.
      if (key !== HERE && key !== null) return;
      if (newValue === null) signedOut(cache);
      else void cache.resetQueries();
    };
    window.addEventListener("storage", heard);
    return () => window.removeEventListener("storage", heard);
  }, [cache]);
}

/** Go home as a stranger, with nothing left in memory of who was here. */
export function leave(cache: QueryClient): void {
  // Until the home page is there, nothing must ask on behalf of who has left.
  signedOut(cache);
  window.location.assign("/");
}

/** Forget who was here, and all that was his. */
export function signedOut(cache: QueryClient): void {
  letGo();
  cache.setQueryData(ME_KEY, null);
  forgetPrivate(cache);
}

function hold({ user, csrfToken }: Answer): Me {
  holdCsrfToken(csrfToken);
  return user;
}

function letGo(): void {
  localStorage.removeItem(HERE);
  holdCsrfToken(null);
}

function forgetPrivate(cache: QueryClient): void {
  cache.removeQueries({ queryKey: OWN_KEY });
}
