import { Link } from "@tanstack/react-router";
import { api, read } from "@/api/client";
import type { Column } from "@/components/ui/data-table";
import { LINK } from "@/components/ui/states";
import { count } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { KEYS } from "../shared/keys";
import { Time } from "../shared/time";
import type { LoggedRequest } from "../shared/types";
import { useFilters } from "../shared/use-filters";
import { Span, TypedFilter } from "./filter-fields";
import { csvOf, logQuery } from "./filters";
import { LogPage } from "./log-page";

const text = adminTexts.logs;

const COLUMNS: Column<LoggedRequest>[] = [
  {
    title: text.request,
    cell: ({ method, path }) => <span className="break-all">{`${method} ${path}`}</span>,
  },
  { title: text.at, cell: ({ at }) => <Time at={at} /> },
  {
    title: adminTexts.status,
    cell: ({ status }) => <span className={status >= 500 ? "font-semibold text-fall" : ""}>{status}</span>,
  },
  { title: text.took, cell: ({ milliseconds }) => text.milliseconds(count(milliseconds)), right: true },
  {
    title: text.who,
    cell: ({ userId, username }) =>
      userId === null ? (
        text.nobody
      ) : (
        <Link to="/admin/users/$id" params={{ id: String(userId) }} className={LINK}>
          {username ?? String(userId)}
        </Link>
      ),
  },
  { title: text.address, cell: ({ address }) => address ?? "–" },
  { title: text.reference, cell: ({ requestId }) => <code className="text-xs break-all">{requestId}</code> },
];

/** Who asked what of the API in the last days. */
export function RequestsPage() {
  const [filters, set] = useFilters("from", "to", "status", "path", "user", "requestId", "slowerThan");
  const query = logQuery(filters, ["user", "slowerThan"]);
  return (
    <LogPage
      title={adminTexts.nav.requests}
      queryKey={[...KEYS.requests, query]}
      fetch={(cursor) =>
        read(
          api.GET("/api/admin/request-logs", { params: { query: { ...query, ...(cursor && { cursor }) } } }),
        )
      }
      columns={COLUMNS}
      csv={csvOf("/api/admin/request-logs", query)}
    >
      <TypedFilter
        name="path"
        label={text.path}
        hint={text.pathHint}
        value={filters.path}
        set={(path) => set({ path })}
      />
      <TypedFilter
        name="status"
        label={adminTexts.status}
        hint={text.statusHint}
        value={filters.status}
        set={(status) => set({ status })}
      />
      <TypedFilter
        name="user"
        label={text.userNumber}
        numeric
        value={filters.user}
        set={(user) => set({ user })}
      />
      <TypedFilter
        name="slowerThan"
        label={text.slowerThan}
        numeric
        value={filters.slowerThan}
        set={(slowerThan) => set({ slowerThan })}
      />
      <TypedFilter
        name="requestId"
        label={text.reference}
        value={filters.requestId}
        set={(requestId) => set({ requestId })}
      />
      <Span from={filters.from} to={filters.to} set={set} />
    </LogPage>
  );
}
