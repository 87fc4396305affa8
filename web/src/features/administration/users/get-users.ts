import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import { KEYS } from "../shared/keys";
import { pageOf } from "../shared/page-of";
import type { Member, Role } from "../shared/types";

export type UserFilters = Partial<Record<"page" | "search" | "role" | "status" | "linked", string>>;

export function usersQuery({ page, search, role, status, linked }: UserFilters) {
  const query = {
    page: pageOf(page),
    limit: 50,
    ...(search && { search }),
    ...(role && { role: role as Role }),
    ...(status && { status: status as Member["status"] }),
    ...(linked && { linked: linked === "true" }),
  };
  return queryOptions({
    queryKey: [...KEYS.users, query],
    queryFn: () => read(api.GET("/api/admin/users", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function userQuery(id: number) {
  return queryOptions({
    queryKey: [...KEYS.users, id],
    queryFn: () => read(api.GET("/api/admin/users/{user_id}", { params: { path: { user_id: id } } })),
  });
}
