import { api, read } from "@/api/client";
import type { Column } from "@/components/ui/data-table";
import { adminTexts } from "@/texts/en/admin";
import { Span, TypedFilter } from "../logs/filter-fields";
import { csvOf, logQuery } from "../logs/filters";
import { LogPage } from "../logs/log-page";
import { KEYS } from "../shared/keys";
import { Time } from "../shared/time";
import type { AuditEntry } from "../shared/types";
import { useFilters } from "../shared/use-filters";
import { ChainPanel } from "./chain-panel";

const text = adminTexts.audit;

const COLUMNS: Column<AuditEntry>[] = [
  { title: text.action, cell: ({ action }) => action },
  { title: text.at, cell: ({ at }) => (at === null ? text.forged : <Time at={at} />) },
  { title: text.actor, cell: ({ actor }) => <span className="break-all">{actor}</span> },
  { title: text.subject, cell: ({ subject }) => <span className="break-all">{subject}</span> },
  { title: text.details, cell: (entry) => <Details entry={entry} /> },
];

/** Who did what, and whether the log still says what it said. */
export function AuditPage() {
  const [filters, set] = useFilters("from", "to", "actor", "action", "subject");
  const query = logQuery(filters);
  return (
    <LogPage
      title={text.title}
      queryKey={[...KEYS.audit, "log", query]}
      fetch={(cursor) =>
        read(api.GET("/api/admin/audit-log", { params: { query: { ...query, ...(cursor && { cursor }) } } }))
      }
      columns={COLUMNS}
      csv={csvOf("/api/admin/audit-log", query)}
    >
      <div className="sm:col-span-2 lg:col-span-4">
        <ChainPanel />
      </div>
      <TypedFilter
        name="action"
        label={text.action}
        hint={text.actionHint}
        value={filters.action}
        set={(action) => set({ action })}
      />
      <TypedFilter
        name="actor"
        label={text.actor}
        hint={text.actorHint}
        value={filters.actor}
        set={(actor) => set({ actor })}
      />
      <TypedFilter
        name="subject"
        label={text.subject}
        hint={text.subjectHint}
        value={filters.subject}
        set={(subject) => set({ subject })}
      />
      <Span from={filters.from} to={filters.to} set={set} />
    </LogPage>
  );
}

function Details({ entry: { details, sha256 } }: { entry: AuditEntry }) {
  return (
    <details>
      <summary className="flex min-h-11 cursor-pointer items-center text-accent underline md:min-h-6">
        {text.show}
      </summary>
      <pre className="mt-1 text-xs break-all whitespace-pre-wrap">{JSON.stringify(details, null, 2)}</pre>
      <p className="mt-1 text-xs text-muted">
        {text.hash} <code className="break-all">{sha256}</code>
      </p>
    </details>
  );
}
