import { FrameClock } from "@/features/frames/components/frame-clock";
import { FrameMessage } from "@/features/frames/components/frame-message";
import { FrameView } from "@/features/frames/components/frame-view";
import { prize } from "@/lib/format";
import { texts } from "@/texts";
import type { WhichRace } from "./frame-address";
import { raceRows } from "./rows";
import { useRace } from "./use-race";

/** A race on another site. */
export function RaceFrame({ race: which, top }: { race: WhichRace; top: number }) {
  const { race, missing } = useRace(which);
  if (missing) return <FrameMessage>{texts.info.frames.noRace}</FrameMessage>;
  if (!race) return null;
  return (
    <FrameView
      title={race.name}
      side={prize(race.prizePool)}
      below={<FrameClock race={race} />}
      rows={raceRows(race, top)}
      list={`race:${race.id}`}
      version={race.metadata.version}
      asOf={race.metadata.asOf}
      address={`/races/${race.id}`}
    />
  );
}
