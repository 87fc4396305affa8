import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { PageTitle } from "@/components/layout/page-title";
import { type Column, DataTable } from "@/components/ui/data-table";
import { SelectField, TextField } from "@/components/ui/field";
import { Pager } from "@/components/ui/pager";
import { EmptyState } from "@/components/ui/states";
import { useDebounced } from "@/hooks/use-debounced";
import { count } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { Badge } from "../shared/badge";
import { Loaded } from "../shared/loaded";
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
  const [typed, setTyped] = useState(filters.search ?? "");
  const settled = useDebounced(typed.trim(), 250);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed may start a search
  useEffect(() => {
    if (settled !== (filters.search ?? "")) set({ search: settled, page: "" });
  }, [settled]);
  return (
    <>
      <PageTitle title={text.title} />
      <div className="mb-4 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <TextField
          name="search"
          type="search"
          label={text.search}
          hint={text.searchHint}
          value={typed}
          maxLength={64}
          change={setTyped}
        />
        <SelectField
          name="role"
          label={text.role}
          value={(filters.role ?? "") as keyof typeof ROLES}
          options={ROLES}
          change={(role) => set({ role, page: "" })}
        />
        <SelectField
          name="status"
          label={text.status}
          value={(filters.status ?? "") as keyof typeof STATUSES}
          options={STATUSES}
          change={(status) => set({ status, page: "" })}
        />
        <SelectField
          name="linked"
          label={text.link}
          value={(filters.linked ?? "") as keyof typeof LINKED}
          options={LINKED}
          change={(linked) => set({ linked, page: "" })}
        />
      </div>
      <section className="overflow-clip rounded-lg border border-line bg-panel">
        <Loaded query={users}>
          {({ data, pagination }) => (
            <>
              <p className="px-4 py-3 text-sm text-muted">{text.found(count(pagination.total))}</p>
              {data.length === 0 ? (
                <EmptyState {...text.none} />
              ) : (
                <DataTable label={text.title} rows={data} keyOf={({ id }) => id} columns={COLUMNS} />
              )}
              <Pager
                page={pagination.page}
                pages={pagination.pages}
                go={(page) => set({ page: String(page) })}
              />
            </>
          )}
        </Loaded>
      </section>
    </>
  );
}
