import { Link } from "@tanstack/react-router";
import { api, read } from "@/api/client";
import type { Column } from "@/components/ui/data-table";
import { SelectField } from "@/components/ui/field";
import { LINK } from "@/components/ui/states";
import { count } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { Badge } from "../shared/badge";
import { KEYS } from "../shared/keys";
import { Time } from "../shared/time";
import type { SyncLogEntry } from "../shared/types";
import { useFilters } from "../shared/use-filters";
import { Span, TypedFilter } from "./filter-fields";
import { csvOf, logQuery } from "./filters";
import { LogPage } from "./log-page";

const text = adminTexts.logs;
const STATUSES = { "": adminTexts.any, ...text.runStatuses } as const;

const COLUMNS: Column<SyncLogEntry>[] = [
  {
    title: text.run,
    cell: ({ id }) => (
      <Link to="/admin/steps" search={{ run: String(id) }} className={LINK}>
        {String(id)}
      </Link>
    ),
  },
  { title: text.began, cell: ({ startTime }) => <Time at={startTime} /> },
  { title: text.type, cell: ({ syncType }) => syncType },
  {
    title: adminTexts.status,
    cell: ({ status, error }) => (
      <>
        <Badge status={status}>{(STATUSES as Record<string, string>)[status] ?? status}</Badge>
        {error && <p className="text-xs text-muted">{error}</p>}
      </>
    ),
  },
  { title: text.processed, cell: (row) => count(row.recordsProcessed), right: true },
  { title: text.created, cell: (row) => count(row.recordsCreated), right: true },
  { title: text.updated, cell: (row) => count(row.recordsUpdated), right: true },
  { title: text.skipped, cell: (row) => count(row.recordsSkipped), right: true },
];

/** Every attempt to get a report and apply it. */
export function SyncsPage() {
  const [filters, set] = useFilters("from", "to", "status", "type");
  const query = logQuery(filters);
  return (
    <LogPage
      title={adminTexts.nav.syncs}
      queryKey={[...KEYS.sync, "logs", query]}
      fetch={(cursor) =>
        read(api.GET("/api/admin/sync-logs", { params: { query: { ...query, ...(cursor && { cursor }) } } }))
      }
      columns={COLUMNS}
      csv={csvOf("/api/admin/sync-logs", query)}
    >
      <SelectField
        name="status"
        label={adminTexts.status}
        value={(filters.status ?? "") as keyof typeof STATUSES}
        options={STATUSES}
        change={(status) => set({ status })}
      />
      <TypedFilter
        name="type"
        label={text.type}
        hint={text.typeHint}
        value={filters.type}
        set={(type) => set({ type })}
      />
      <Span from={filters.from} to={filters.to} set={set} />
    </LogPage>
  );
}
