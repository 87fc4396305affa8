import { useQuery } from "@tanstack/react-query";
import { PageTitle } from "@/components/layout/page-title";
import { SelectField } from "@/components/ui/field";
import { Pager } from "@/components/ui/pager";
import { EmptyState } from "@/components/ui/states";
import { adminTexts } from "@/texts/en/admin";
import { Loaded } from "../shared/loaded";
import { useFilters } from "../shared/use-filters";
import { linksQuery } from "./get-links";
import { LinkCard } from "./link-card";

const text = adminTexts.links;

/** Who says that he is which player, the oldest that waits first. */
export function LinksPage() {
  const [filters, set] = useFilters("page", "status");
  const status = filters.status ?? "pending";
  const queue = useQuery(linksQuery({ ...filters, status }));
  return (
    <>
      <PageTitle title={text.title}>
        <div className="w-48">
          <SelectField
            name="status"
            label={adminTexts.status}
            value={status as keyof typeof text.statuses}
            options={text.statuses}
            change={(chosen) => set({ status: chosen, page: "" })}
          />
        </div>
      </PageTitle>
      <Loaded query={queue}>
        {({ data, pagination }) =>
          data.length === 0 ? (
            <section className="rounded-lg border border-line bg-panel">
              <EmptyState {...text.none} />
            </section>
          ) : (
            <>
              <ul className="grid gap-3" aria-label={text.title}>
                {data.map((request) => (
                  <LinkCard key={request.id} request={request} />
                ))}
              </ul>
              <Pager
                page={pagination.page}
                pages={pagination.pages}
                go={(page) => set({ page: String(page) })}
              />
            </>
          )
        }
      </Loaded>
    </>
  );
}
