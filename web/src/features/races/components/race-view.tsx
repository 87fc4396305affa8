import { type ReactNode, useId, useState } from "react";
import type { Race } from "@/api/types";
import { StaleNotice } from "@/components/ui/data-age";
import { Marks } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { EmptyState } from "@/components/ui/states";
import { useRowChanges } from "@/hooks/use-row-changes";
import { texts } from "@/texts";
import { MyPlace } from "./my-place";
import { Podium } from "./podium";
import { PrizeList } from "./prize-list";
import { RaceHero } from "./race-hero";
import { RaceResult } from "./race-result";
import { READER, StandingsTable } from "./standings-table";
import { type Asked, Why } from "./why";

interface RaceViewProps {
  race: Race;
  /** How many places to show below the podium; 0 leaves them to the children. */
  places: number;
  /** The place whose row gets the focus. */
  rank?: number | undefined;
  /** How often somebody has asked for a place. */
  times?: number;
  /** Go to a place in the standings. */
  show: (place: number) => void;
  /** Between the head and the podium. */
  tools?: ReactNode;
  /** Beside the heading of the places. */
  aside?: ReactNode;
  /** Beside the prizes. */
  rules?: ReactNode;
  /** Below the places; `ask` opens the dialog that says why. */
  children?: (ask: (asked: Asked) => void) => ReactNode;
}

const PODIUM = 3;

export function RaceView({
  race,
  places,
  rank,
  times = 0,
  show,
  tools,
  aside,
  rules,
  children,
}: RaceViewProps) {
  const { metadata, participants } = race;
  const [asked, ask] = useState<Asked | null>(null);
  const heading = useId();
  const list = `race:${race.id}`;
  const changes = useRowChanges({ list, version: metadata.version, rows: participants }, READER);
  const moving = metadata.phase === "live" || metadata.phase === "settling";
  return (
    <div className="grid min-w-0 gap-4">
      <RaceHero race={race} />
      {tools}
      {moving && <StaleNotice asOf={metadata.asOf} />}
      <Marks marks={metadata.marks} />
      {participants.length > 0 && (
        <Podium
          race={race.id}
          leaders={participants.slice(0, PODIUM)}
          changes={changes}
          final={metadata.phase === "completed"}
          ask={ask}
        />
      )}
      {(participants.length > PODIUM || (places === 0 && participants.length > 0)) && (
        <Panel id={heading} title={places > 0 ? texts.race.next : texts.race.standings} aside={aside}>
          {places > 0 && (
            <StandingsTable
              list={list}
              rows={participants.slice(PODIUM, PODIUM + places)}
              changes={changes}
              labelledBy={heading}
              paid={metadata.prizes.length}
              rank={rank}
              times={times}
              ask={ask}
            />
          )}
          {children?.(ask)}
        </Panel>
      )}
      {participants.length === 0 && <NoStandings race={race} />}
      {moving && participants.length > 0 && <p className="text-sm text-muted">{texts.race.provisional}</p>}
      <RaceResult race={race} />
      <div className="grid items-start gap-4 lg:grid-flow-col lg:auto-cols-fr">
        <PrizeList prizes={metadata.prizes} />
        {rules}
      </div>
      <MyPlace race={race} show={show} ask={ask} />
      <Why race={race.id} asked={asked} close={() => ask(null)} />
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
  return <EmptyState {...said} />;
}
