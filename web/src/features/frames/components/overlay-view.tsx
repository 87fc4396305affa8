import type { CSSProperties } from "react";
import type { OverlayOwner, Race } from "@/api/types";
import { DataAge } from "@/components/ui/data-age";
import { count, money, prize } from "@/lib/format";
import { texts } from "@/texts";
import { FrameClock } from "./frame-clock";
import { type FrameRow, FrameRows } from "./frame-rows";

interface OverlayViewProps {
  race: Race;
  rows: FrameRow[];
  owner: OverlayOwner;
}

/** A race over a stream: see-through around it, legible within, as large as its box allows. */
export function OverlayView({ race, rows, owner }: OverlayViewProps) {
  return (
    <main className="overlay max-w-[26em] p-[0.4em]" style={{ "--rows": rows.length } as CSSProperties}>
      <div className="overflow-hidden rounded-[0.5em] bg-panel/90 shadow-lg">
        <header className="bg-brand px-[0.7em] py-[0.4em] text-coal">
          <h1 className="truncate font-display text-[1.3em] leading-tight font-bold">{race.name}</h1>
          <div className="flex items-baseline justify-between gap-[1em]">
            <p className="text-[0.8em] font-semibold">
              {texts.race.pool} {prize(race.prizePool)}
            </p>
            <FrameClock race={race} />
          </div>
        </header>
        {rows.length > 0 ? (
          <FrameRows
            rows={rows}
            list={`race:${race.id}`}
            version={race.metadata.version}
            label={texts.race.standings}
          />
        ) : (
          <p className="p-[0.7em] text-muted">{texts.info.frames.nobody}</p>
        )}
        <Owner owner={owner} />
        <p className="border-t border-line px-[0.7em] py-[0.25em] text-right text-[0.65em] text-muted">
          <DataAge asOf={race.metadata.asOf} />
        </p>
      </div>
    </main>
  );
}

/** The streamer's own place, whether it is among the first or not. */
function Owner({ owner: { username, standing } }: { owner: OverlayOwner }) {
  if (standing === null) return null;
  return (
    <p
      data-testid="own"
      className="flex items-baseline gap-[0.5em] border-t-[0.15em] border-accent bg-raised px-[0.7em] py-[0.35em] tabular-nums"
    >
      <span className="min-w-[1.5em] text-right font-display text-[1.15em] leading-none font-bold text-accent">
        {standing.position === null ? "–" : count(standing.position)}
      </span>
      <span className="min-w-0 flex-1 truncate font-semibold">
        <bdi>{username}</bdi>{" "}
        <span className="text-[0.75em] font-normal text-muted">{texts.info.frames.you}</span>
      </span>
      <span className="text-[0.85em] text-muted">
        {standing.position === null
          ? texts.info.frames.noStanding
          : standing.toNext === null
            ? money(standing.wagered)
            : texts.info.frames.toNext(money(standing.toNext))}
      </span>
      {standing.prize > 0 && (
        <span className="min-w-[4em] text-right font-display text-[1.1em] leading-none font-bold text-accent">
          {prize(standing.prize)}
        </span>
      )}
    </p>
  );
}
