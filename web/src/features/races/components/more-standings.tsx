import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { Pager } from "@/components/ui/pager";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { useRowChanges } from "@/hooks/use-row-changes";
import { count } from "@/lib/format";
import { texts } from "@/texts";
import { standingsQuery } from "../api/get-standings";
import { READER, StandingsTable } from "./standings-table";
import type { Asked } from "./why";

const NOBODY = { list: "", version: 0, rows: [] };

interface MoreStandingsProps {
  id: number;
  page: number;
  search: string;
  rank?: number | undefined;
  /** How often somebody has asked for a place. */
  times?: number;
  paid: number;
  go: (page: number) => void;
  ask: (asked: Asked) => void;
}

/** A page of standings behind the first, or of those that were searched for. */
export function MoreStandings({ id, page, search, rank, times = 0, paid, go, ask }: MoreStandingsProps) {
  const { data, error, refetch, isPlaceholderData } = useQuery(standingsQuery(id, page, search));
  const heading = useId();
  const list = `race:${id}:${page}:${search}`;
  const changes = useRowChanges(
    data && !isPlaceholderData ? { list, version: data.metadata.version, rows: data.data } : NOBODY,
    READER,
  );
  if (!data)
    return error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonRows rows={10} />;
  const title = search ? texts.race.hits(count(data.pagination.total), search) : texts.race.standings;
  return (
    <>
      <h3 id={heading} className={search ? "px-4 pb-2 text-sm text-muted" : "sr-only"}>
        {title}
      </h3>
      {data.data.length > 0 ? (
        <StandingsTable
          list={list}
          rows={data.data}
          changes={changes}
          labelledBy={heading}
          paid={paid}
          rank={isPlaceholderData ? undefined : rank}
          times={times}
          ask={ask}
        />
      ) : (
        <EmptyState title={texts.race.noHit} />
      )}
      <Pager page={page} pages={data.pagination.pages} go={go} />
    </>
  );
}
