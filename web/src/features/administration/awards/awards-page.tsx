import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PageTitle } from "@/components/layout/page-title";
import { SelectField, TextField } from "@/components/ui/field";
import { Pager } from "@/components/ui/pager";
import { EmptyState } from "@/components/ui/states";
import { adminTexts } from "@/texts/en/admin";
import { useMay } from "../session/use-may";
import { QUIET } from "../shared/buttons";
import { Loaded } from "../shared/loaded";
import { useFilters } from "../shared/use-filters";
import { ApproveDialog } from "./approve-dialog";
import { AwardTable } from "./award-table";
import { awardsQuery, awardsWanted } from "./get-awards";
import { PaySheetDialog } from "./pay-sheet-dialog";
import { Totals } from "./totals";

const text = adminTexts.awards;
const STATUSES = { "": adminTexts.any, ...text.statuses } as const;

/** What winners are owed, and its way to paid. */
export function AwardsPage() {
  const [filters, set] = useFilters("page", "status", "race", "player");
  const awards = useQuery(awardsQuery(filters));
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [open, setOpen] = useState<"approve" | "sheet" | null>(null);
  const may = useMay();
  const narrow = (change: typeof filters) => {
    setChosen([]);
    set({ page: "", ...change });
  };
  const csv = new URLSearchParams(Object.entries(awardsWanted(filters)).map(([k, v]) => [k, String(v)]));
  return (
    <>
      <PageTitle title={text.title}>
        <div className="flex flex-wrap gap-3">
          <a href={`/api/admin/awards.csv?${csv}`} className={QUIET}>
            {text.download}
          </a>
          {may("awards:write") && (
            <button type="button" onClick={() => setOpen("sheet")} className={QUIET}>
              {text.sheet}
            </button>
          )}
        </div>
      </PageTitle>
      <div className="mb-4 grid gap-3 sm:grid-cols-3">
        <SelectField
          name="status"
          label={text.status}
          value={(filters.status ?? "") as keyof typeof STATUSES}
          options={STATUSES}
          change={(status) => narrow({ status })}
        />
        <TextField
          name="race"
          label={text.raceNumber}
          inputMode="numeric"
          value={filters.race ?? ""}
          change={(race) => narrow({ race: race.replace(/\D/g, "") })}
        />
        <TextField
          name="player"
          label={text.player}
          hint={text.playerHint}
          value={filters.player ?? ""}
          change={(player) => narrow({ player })}
        />
      </div>
      <Loaded query={awards}>
        {({ data, totals, pagination }) => (
          <div className="grid gap-4">
            <Totals totals={totals} />
            <section className="overflow-clip rounded-lg border border-line bg-panel">
              {data.length === 0 ? (
                <EmptyState {...text.none} />
              ) : (
                <AwardTable
                  awards={data}
                  chosen={chosen}
                  choose={setChosen}
                  approve={() => setOpen("approve")}
                />
              )}
              <Pager
                page={pagination.page}
                pages={pagination.pages}
                go={(page) => {
                  setChosen([]);
                  set({ page: String(page) });
                }}
              />
            </section>
            {open === "approve" && (
              <ApproveDialog
                awards={data.filter(({ id }) => chosen.includes(id))}
                close={() => setOpen(null)}
                done={() => setChosen([])}
              />
            )}
          </div>
        )}
      </Loaded>
      {open === "sheet" && <PaySheetDialog close={() => setOpen(null)} />}
    </>
  );
}
