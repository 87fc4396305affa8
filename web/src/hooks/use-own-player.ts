import { queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError, api, read } from "@/api/client";
import type { Me } from "@/api/types";

const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await read(api.GET("/api/auth/me"));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

export interface OwnPlayer {
  uid: string;
  name: string;
}

/** The player whom the reader's account is linked to, or null. */
export function useOwnPlayer(): OwnPlayer | null {
  const user = useQuery(meQuery).data?.user;
  if (!user?.goatedId) return null;
  return { uid: user.goatedId, name: user.goatedUsername ?? user.username };
}
