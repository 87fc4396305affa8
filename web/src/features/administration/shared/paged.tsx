import type { ReactNode } from "react";
import { Pager } from "@/components/ui/pager";
import { EmptyState } from "@/components/ui/states";
import { Loaded } from "./loaded";

interface Answer<Row> {
  data: Row[];
  pagination: { page: number; pages: number; total: number };
}

interface PagedProps<Row> {
  query: Parameters<typeof Loaded<Answer<Row>>>[0]["query"];
  none: { title: string; text?: string };
  go: (page: string) => void;
  /** What is said of all that was found. */
  found?: (total: number) => ReactNode;
  children: (rows: Row[]) => ReactNode;
}

/** A page of a list: its rows, or that there are none, and the way to the others. */
export function Paged<Row>({ query, none, go, found, children }: PagedProps<Row>) {
  return (
    <section className="overflow-clip rounded-lg border border-line bg-panel">
      <Loaded query={query}>
        {({ data, pagination }) => (
          <>
            {found?.(pagination.total)}
            {data.length === 0 ? <EmptyState {...none} /> : children(data)}
            <Pager page={pagination.page} pages={pagination.pages} go={(page) => go(String(page))} />
          </>
        )}
      </Loaded>
    </section>
  );
}
