import type { Race } from "@/api/types";
import { JumpToRank } from "@/components/ui/jump-to-rank";
import { PauseButton } from "@/components/ui/pause-button";
import { SearchBox } from "@/components/ui/search-box";
import { ShareButton } from "@/components/ui/share-button";
import { QUIET_BUTTON } from "@/components/ui/states";
import { texts } from "@/texts";

interface RaceToolsProps {
  race: Race;
  paused: boolean;
  behind: boolean;
  toggle: () => void;
}

/** What one can do with a race: stop it moving, share it, put it into a calendar. */
export function RaceTools({ race, ...pause }: RaceToolsProps) {
  const { phase } = race.metadata;
  const moves = phase === "live" || phase === "settling";
  return (
    <div className="flex flex-wrap items-center gap-2">
      {(moves || pause.paused) && <PauseButton {...pause} />}
      <ShareButton title={race.name} />
      <a href={`/api/wager-races.ics?type=${race.type}`} className={QUIET_BUTTON}>
        {texts.race.calendarOf[race.type]}
      </a>
    </div>
  );
}

interface FindInRaceProps {
  race: Race;
  search: string;
  find: (search: string) => void;
  jump: (place: number) => void;
}

/** The way to a player or to a place, in a race that is more than a glance long. */
export function FindInRace({ race: { metadata }, search, find, jump }: FindInRaceProps) {
  if (metadata.participantCount <= FEW && search === "") return null;
  return (
    <div className="flex flex-wrap items-end gap-3 max-sm:w-full">
      <SearchBox label={texts.race.find} search={search} find={find} />
      <JumpToRank last={metadata.participantCount} jump={jump} />
    </div>
  );
}

const FEW = 10;
