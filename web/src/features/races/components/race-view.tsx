import { type ReactNode, useId } from "react";
import type { Race } from "@/api/types";
import { StaleNotice } from "@/components/ui/data-age";
import { Marks } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { EmptyState } from "@/components/ui/states";
import { useRowChanges } from "@/hooks/use-row-changes";
import { texts } from "@/texts/en";
import { Podium } from "./podium";
import { PrizeList } from "./prize-list";
import { RaceHero } from "./race-hero";
import { READER, StandingsTable } from "./standings-table";

interface RaceViewProps {
  race: Race;
  /** How many places to show below the podium; 0 leaves them to the children. */
  places: number;
  /** Beside the heading of the places. */
  aside?: ReactNode;
  /** Below the places. */
  children?: ReactNode;
}

const PODIUM = 3;

export function RaceView({ race, places, aside, children }: RaceViewProps) {
  const { metadata, participants } = race;
  const heading = useId();
  const changes = useRowChanges(
    { list: `race:${race.id}`, version: metadata.version, rows: participants },
    READER,
  );
  const moving = metadata.phase === "live" || metadata.phase === "settling";
  return (
    <div className="grid gap-4">
      <RaceHero race={race} />
      {moving && <StaleNotice asOf={metadata.asOf} />}
      <Marks marks={metadata.marks} />
      {participants.length > 0 && <Podium leaders={participants.slice(0, PODIUM)} changes={changes} />}
      {participants.length > PODIUM && (
        <Panel id={heading} title={texts.race.next} aside={aside}>
          {places > 0 && (
            <StandingsTable
              rows={participants.slice(PODIUM, PODIUM + places)}
              changes={changes}
              labelledBy={heading}
            />
          )}
          {children}
        </Panel>
      )}
      {participants.length === 0 && <NoStandings race={race} />}
      {moving && participants.length > 0 && <p className="text-sm text-muted">{texts.race.provisional}</p>}
    </div>
  );
}

function NoStandings({ race: { metadata } }: { race: Race }) {
  if (metadata.phase === "cancelled") return null;
  const said =
    metadata.phase === "scheduled"
      ? texts.race.nobodyYet
      : metadata.phase === "live"
        ? texts.race.nobody
        : texts.race.nobodyAtAll;
  return (
    <>
      <EmptyState {...said} />
      <PrizeList prizes={metadata.prizes} />
    </>
  );
}
