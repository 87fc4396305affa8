import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { PageTitle } from "@/components/layout/page-title";
import { type Column, DataTable } from "@/components/ui/data-table";
import { MoreButton } from "@/components/ui/more-button";
import { EmptyState } from "@/components/ui/states";
import { adminTexts } from "@/texts/en/admin";
import { QUIET } from "../shared/buttons";
import { Loaded } from "../shared/loaded";

interface LogPageProps<Row extends { id: number }> {
  title: string;
  /** Says also what it is narrowed to. */
  queryKey: QueryKey;
  fetch: (cursor: string | undefined) => Promise<{ data: Row[]; nextCursor: string | null }>;
  columns: readonly Column<Row>[];
  /** The same as a sheet. */
  csv: string;
  /** What it can be narrowed by. */
  children: ReactNode;
}

/** A log, newest first, paged by cursor: what is written meanwhile moves nothing. */
export function LogPage<Row extends { id: number }>(props: LogPageProps<Row>) {
  const log = useInfiniteQuery({
    queryKey: props.queryKey,
    queryFn: ({ pageParam }) => props.fetch(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  return (
    <>
      <PageTitle title={props.title}>
        <a href={props.csv} className={QUIET}>
          {adminTexts.logs.csv}
        </a>
      </PageTitle>
      <div className="mb-4 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">{props.children}</div>
      <section className="overflow-clip rounded-lg border border-line bg-panel">
        <Loaded query={log}>
          {({ pages }) => {
            const rows = pages.flatMap(({ data }) => data);
            return rows.length === 0 ? (
              <EmptyState {...adminTexts.logs.none} />
            ) : (
              <DataTable label={props.title} rows={rows} keyOf={({ id }) => id} columns={props.columns} />
            );
          }}
        </Loaded>
        <MoreButton
          hasMore={log.hasNextPage}
          isLoading={log.isFetchingNextPage}
          more={() => void log.fetchNextPage()}
        />
      </section>
    </>
  );
}
