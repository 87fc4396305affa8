import { queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError, api, read } from "@/api/client";
import type { Me, Permission } from "../shared/types";

/** Who is signed in, or null. */
export const meQuery = queryOptions({
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

/** Whether whoever is signed in may do something; the server asks the same. */
export function useMay(): (permission: Permission) => boolean {
  const { data: me } = useQuery(meQuery);
  return (permission) => me?.user.permissions.includes(permission) ?? false;
}
