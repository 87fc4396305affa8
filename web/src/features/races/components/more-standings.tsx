import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { useRowChanges } from "@/hooks/use-row-changes";
import { texts } from "@/texts/en";
import { standingsQuery } from "../api/get-standings";
import { READER, StandingsTable } from "./standings-table";

const NOBODY = { list: "", version: 0, rows: [] };

/** A page of standings behind the first. */
export function MoreStandings({ id, page }: { id: number; page: number }) {
  const { data, error, refetch } = useQuery(standingsQuery(id, page));
  const heading = useId();
  const changes = useRowChanges(
    data
      ? { list: `race:${id}:${data.pagination.page}`, version: data.metadata.version, rows: data.data }
      : NOBODY,
    READER,
  );
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={10} />;
  return (
    <>
      <h3 id={heading} className="sr-only">
        {texts.race.standings}
      </h3>
      <StandingsTable rows={data.data} changes={changes} labelledBy={heading} />
    </>
  );
}
