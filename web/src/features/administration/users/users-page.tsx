import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PageTitle } from "@/components/layout/page-title";
import { type Column, DataTable } from "@/components/ui/data-table";
import { count } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { Badge } from "../shared/badge";
import { SelectFilter, TypedFilter } from "../shared/filters";
import { Paged } from "../shared/paged";
import { Time } from "../shared/time";
import type { Member } from "../shared/types";
import { useFilters } from "../shared/use-filters";
import { usersQuery } from "./get-users";

const text = adminTexts.users;
const ROLES = { "": adminTexts.any, ...adminTexts.roles } as const;
const STATUSES = { "": adminTexts.any, ...text.statuses } as const;
const LINKED = { "": adminTexts.any, true: text.linked, false: text.notLinked } as const;

const COLUMNS: Column<Member>[] = [
  {
    title: text.name,
    cell: ({ id, username }) => (
      <Link
        to="/admin/users/$id"
        params={{ id: String(id) }}
        className="flex min-h-11 items-center break-all hover:underline md:min-h-8"
      >
        {username}
      </Link>
    ),
  },
  { title: text.email, cell: ({ email }) => <span className="break-all">{email ?? "–"}</span> },
  { title: text.role, cell: ({ role }) => adminTexts.roles[role] },
  { title: text.player, cell: ({ goatedUsername }) => goatedUsername ?? "–" },
  { title: text.status, cell: ({ status }) => <Badge status={status}>{text.statuses[status]}</Badge> },
  { title: text.lastLogin, cell: ({ lastLogin }) => <Time at={lastLogin} /> },
];

/** Everybody with an account. */
export function UsersPage() {
  const [filters, set] = useFilters("page", "search", "role", "status", "linked");
  const users = useQuery(usersQuery(filters));
  return (
    <>
      <PageTitle title={text.title} />
      <div className="mb-4 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <TypedFilter
          name="search"
          type="search"
          label={text.search}
          hint={text.searchHint}
          value={filters.search}
          maxLength={64}
          set={(search) => set({ search, page: "" })}
        />
        <SelectFilter
          name="role"
          label={text.role}
          value={filters.role}
          options={ROLES}
          set={(role) => set({ role, page: "" })}
        />
        <SelectFilter
          name="status"
          label={text.status}
          value={filters.status}
          options={STATUSES}
          set={(status) => set({ status, page: "" })}
        />
        <SelectFilter
          name="linked"
          label={text.link}
          value={filters.linked}
          options={LINKED}
          set={(linked) => set({ linked, page: "" })}
        />
      </div>
      <Paged
        query={users}
        none={text.none}
        go={(page) => set({ page })}
        found={(total) => <p className="px-4 py-3 text-sm text-muted">{text.found(count(total))}</p>}
      >
        {(rows) => <DataTable label={text.title} rows={rows} keyOf={({ id }) => id} columns={COLUMNS} />}
      </Paged>
    </>
  );
}
