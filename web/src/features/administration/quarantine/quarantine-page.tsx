import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PageTitle } from "@/components/layout/page-title";
import { type Column, DataTable } from "@/components/ui/data-table";
import { SelectField } from "@/components/ui/field";
import { Pager } from "@/components/ui/pager";
import { EmptyState } from "@/components/ui/states";
import { count } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { Loaded } from "../shared/loaded";
import { Time } from "../shared/time";
import type { QuarantinedRun } from "../shared/types";
import { useFilters } from "../shared/use-filters";
import { quarantineQuery } from "./get-quarantine";

const text = adminTexts.quarantine;
const REVIEWED = { "": adminTexts.any, false: text.waiting, true: text.reviewed } as const;

const COLUMNS: Column<QuarantinedRun>[] = [
  {
    title: text.run,
    cell: ({ runId }) => (
      <Link
        to="/admin/quarantine/$id"
        params={{ id: String(runId) }}
        className="flex min-h-11 items-center hover:underline md:min-h-8"
      >
        {text.runOf(String(runId))}
      </Link>
    ),
  },
  { title: text.at, cell: ({ startTime }) => <Time at={startTime} /> },
  { title: text.why, cell: ({ reasons }) => reasons.join(" ") },
  { title: text.listed, cell: ({ listed }) => count(listed), right: true },
  {
    title: text.decision,
    cell: ({ decision, isOvertaken }) =>
      decision ? text.decisions[decision.decision] : isOvertaken ? text.overtaken : text.waiting,
  },
];

/** Reports that were read and not believed. */
export function QuarantinePage() {
  const [filters, set] = useFilters("page", "reviewed");
  const runs = useQuery(quarantineQuery(filters));
  return (
    <>
      <PageTitle title={text.title}>
        <div className="w-48">
          <SelectField
            name="reviewed"
            label={adminTexts.status}
            value={(filters.reviewed ?? "") as keyof typeof REVIEWED}
            options={REVIEWED}
            change={(reviewed) => set({ reviewed, page: "" })}
          />
        </div>
      </PageTitle>
      <section className="overflow-clip rounded-lg border border-line bg-panel">
        <Loaded query={runs}>
          {({ data, pagination }) => (
            <>
              {data.length === 0 ? (
                <EmptyState {...text.none} />
              ) : (
                <DataTable label={text.title} rows={data} keyOf={({ runId }) => runId} columns={COLUMNS} />
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
