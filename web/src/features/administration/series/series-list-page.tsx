import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PageTitle } from "@/components/layout/page-title";
import { type Column, DataTable } from "@/components/ui/data-table";
import { EmptyState } from "@/components/ui/states";
import { prize } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { Badge } from "../shared/badge";
import { ACT } from "../shared/buttons";
import { Loaded } from "../shared/loaded";
import { Time } from "../shared/time";
import type { Series } from "../shared/types";
import { allSeriesQuery } from "./get-series";

const text = adminTexts.series;

const COLUMNS: Column<Series>[] = [
  {
    title: text.one,
    cell: ({ id, name }) => (
      <Link
        to="/admin/series/$id"
        params={{ id: String(id) }}
        className="flex min-h-11 items-center hover:underline md:min-h-8"
      >
        {name}
      </Link>
    ),
  },
  {
    title: adminTexts.status,
    cell: ({ enabled }) => (
      <Badge status={enabled ? "active" : "off"}>{enabled ? text.enabled : text.disabled}</Badge>
    ),
  },
  { title: adminTexts.races.type, cell: ({ type }) => adminTexts.races.types[type] },
  { title: adminTexts.races.zone, cell: ({ timezone }) => timezone },
  { title: adminTexts.races.pool, cell: ({ prizePool }) => prize(prizePool), right: true },
  {
    title: text.next,
    cell: ({ races }) => <Time at={races.find(({ status }) => status === "scheduled")?.startDate ?? null} />,
  },
];

/** All series, on or off. */
export function SeriesListPage() {
  const series = useQuery(allSeriesQuery);
  return (
    <>
      <PageTitle title={text.title}>
        <Link to="/admin/series/new" className={ACT}>
          {text.create}
        </Link>
      </PageTitle>
      <section className="overflow-clip rounded-lg border border-line bg-panel">
        <Loaded query={series}>
          {({ data }) =>
            data.length === 0 ? (
              <EmptyState {...text.none} />
            ) : (
              <DataTable label={text.title} rows={data} keyOf={({ id }) => id} columns={COLUMNS} />
            )
          }
        </Loaded>
      </section>
    </>
  );
}
