import { instantOf, localOf } from "@/lib/zones";
import type { Draft } from "../shared/drafts";
import { linesOf, sharesOf } from "../shared/prize-lines";
import type { TermsName } from "../shared/terms-fields";
import type { RaceCreate, RaceOverview } from "../shared/types";

export type RaceField = TermsName | "name" | "type" | "start" | "end";
export type RaceDraft = Draft<RaceField>;

const DAY = 86_400_000;

/** A race of a week from the next midnight on, to be changed. */
export function newRaceDraft(now: number): RaceDraft {
  const midnight = now - (now % DAY) + DAY;
  return {
    name: "",
    type: "special",
    timezone: "UTC",
    start: localOf(midnight, "UTC") ?? "",
    end: localOf(midnight + 7 * DAY, "UTC") ?? "",
    prizePool: "500",
    minWager: "0",
    tiePolicy: "first_to_reach",
    rejectPolicy: "forfeit",
    prizes: "",
  };
}

export function raceDraftOf(race: RaceOverview): RaceDraft {
  return {
    name: race.name,
    type: race.type,
    timezone: race.timezone,
    start: localOf(race.startDate, race.timezone) ?? "",
    end: localOf(race.endDate, race.timezone) ?? "",
    prizePool: race.prizePool,
    minWager: race.minWager,
    tiePolicy: race.tiePolicy,
    rejectPolicy: race.rejectPolicy,
    prizes: linesOf(race.prizes),
  };
}

/** The race as the wire takes it; null while dates, zone or prizes can not be read. */
export function raceOf(draft: RaceDraft): RaceCreate | null {
  const startDate = instantOf(draft.start, draft.timezone);
  const endDate = instantOf(draft.end, draft.timezone);
  const prizes = sharesOf(draft.prizes);
  if (!startDate || !endDate || !prizes) return null;
  return {
    name: draft.name.trim(),
    type: draft.type as RaceCreate["type"],
    timezone: draft.timezone,
    startDate,
    endDate,
    prizePool: draft.prizePool.trim(),
    minWager: draft.minWager.trim(),
    tiePolicy: draft.tiePolicy as "first_to_reach" | "shared",
    rejectPolicy: draft.rejectPolicy as "forfeit" | "move_up",
    ...(prizes.length > 0 && { prizes }),
  };
}

const WIRE: Record<RaceField, readonly (keyof RaceCreate)[]> = {
  name: ["name"],
  type: ["type"],
  // Another zone moves the instants that are typed as its local times.
  timezone: ["timezone", "startDate", "endDate"],
  start: ["startDate"],
  end: ["endDate"],
  prizePool: ["prizePool"],
  minWager: ["minWager"],
  tiePolicy: ["tiePolicy"],
  rejectPolicy: ["rejectPolicy"],
  prizes: ["prizes"],
};

/** Of a race only what was touched; null like `raceOf`. */
export function raceEditOf(draft: RaceDraft, touched: readonly RaceField[]): Partial<RaceCreate> | null {
  const race = raceOf(draft);
  if (!race) return null;
  return Object.fromEntries(touched.flatMap((name) => WIRE[name]).map((name) => [name, race[name]]));
}
