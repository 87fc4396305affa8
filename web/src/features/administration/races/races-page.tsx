import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PageTitle } from "@/components/layout/page-title";
import { SelectField } from "@/components/ui/field";
import { Pager } from "@/components/ui/pager";
import { EmptyState } from "@/components/ui/states";
import { adminTexts } from "@/texts/en/admin";
import { ACT } from "../shared/buttons";
import { Loaded } from "../shared/loaded";
import { useFilters } from "../shared/use-filters";
import { adminRacesQuery } from "./get-admin-races";
import { RaceTable } from "./race-table";

const text = adminTexts.races;
const STATUSES = { "": adminTexts.any, ...text.statuses } as const;
const TYPES = { "": adminTexts.any, ...text.types } as const;

/** All races, and what each owes. */
export function RacesPage() {
  const [filters, set] = useFilters("page", "status", "type");
  const races = useQuery(adminRacesQuery(filters));
  return (
    <>
      <PageTitle title={text.title}>
        <Link to="/admin/races/new" className={ACT}>
          {text.create}
        </Link>
      </PageTitle>
      <div className="mb-4 grid gap-3 sm:grid-cols-2 lg:max-w-lg">
        <SelectField
          name="status"
          label={adminTexts.status}
          value={(filters.status ?? "") as keyof typeof STATUSES}
          options={STATUSES}
          change={(status) => set({ status, page: "" })}
        />
        <SelectField
          name="type"
          label={text.type}
          value={(filters.type ?? "") as keyof typeof TYPES}
          options={TYPES}
          change={(type) => set({ type, page: "" })}
        />
      </div>
      <section className="overflow-clip rounded-lg border border-line bg-panel">
        <Loaded query={races}>
          {({ data, pagination }) => (
            <>
              {data.length === 0 ? (
                <EmptyState {...text.none} />
              ) : (
                <RaceTable label={text.title} races={data} />
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
