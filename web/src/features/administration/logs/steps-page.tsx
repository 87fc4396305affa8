import { api, read } from "@/api/client";
import type { Column } from "@/components/ui/data-table";
import { SelectField } from "@/components/ui/field";
import { count } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { Badge } from "../shared/badge";
import { KEYS } from "../shared/keys";
import { Time } from "../shared/time";
import type { Step } from "../shared/types";
import { useFilters } from "../shared/use-filters";
import { Span, TypedFilter } from "./filter-fields";
import { csvOf, logQuery } from "./filters";
import { LogPage } from "./log-page";

const text = adminTexts.logs;
const { quarantined: _, ...known } = text.runStatuses;
const STATUSES = { "": adminTexts.any, ...known } as const;

const COLUMNS: Column<Step>[] = [
  { title: text.step, cell: ({ transformationType }) => transformationType },
  { title: text.run, cell: ({ runId }) => String(runId) },
  { title: text.began, cell: ({ startTime }) => <Time at={startTime} /> },
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

/** What each run made of what. */
export function StepsPage() {
  const [filters, set] = useFilters("from", "to", "status", "type", "run");
  const query = logQuery(filters, ["run"]);
  return (
    <LogPage
      title={adminTexts.nav.steps}
      queryKey={[...KEYS.sync, "steps", query]}
      fetch={(cursor) =>
        read(
          api.GET("/api/admin/transformation-logs", {
            params: { query: { ...query, ...(cursor && { cursor }) } },
          }),
        )
      }
      columns={COLUMNS}
      csv={csvOf("/api/admin/transformation-logs", query)}
    >
      <SelectField
        name="status"
        label={adminTexts.status}
        value={(filters.status ?? "") as keyof typeof STATUSES}
        options={STATUSES}
        change={(status) => set({ status })}
      />
      <TypedFilter name="run" label={text.run} numeric value={filters.run} set={(run) => set({ run })} />
      <Span from={filters.from} to={filters.to} set={set} />
    </LogPage>
  );
}
