import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PageTitle } from "@/components/layout/page-title";
import { adminTexts } from "@/texts/en/admin";
import { ACT } from "../shared/buttons";
import { SelectFilter } from "../shared/filters";
import { Paged } from "../shared/paged";
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
        <SelectFilter
          name="status"
          label={adminTexts.status}
          value={filters.status}
          options={STATUSES}
          set={(status) => set({ status, page: "" })}
        />
        <SelectFilter
          name="type"
          label={text.type}
          value={filters.type}
          options={TYPES}
          set={(type) => set({ type, page: "" })}
        />
      </div>
      <Paged query={races} none={text.none} go={(page) => set({ page })}>
        {(rows) => <RaceTable label={text.title} races={rows} />}
      </Paged>
    </>
  );
}
