import type { Race, RaceMetadata, RaceParticipant } from "@/api/types";
import { applyDelta, type Delta, type Shape } from "@/live/delta";

export interface RaceDelta extends Delta<RaceParticipant> {
  metadata: RaceMetadata;
}

/** Return the race as the delta leaves it, or null if it does not belong to it. */
export function applyRaceDelta(held: Race, delta: RaceDelta): Race | null {
  const participants = applyDelta(held.participants, delta, shapeFor(delta.metadata));
  if (!participants) return null;
  return { ...held, participants, metadata: delta.metadata, status: statusOf(held, delta.metadata) };
}

/** Prizes go by the place; but where tied players share, places and prizes are the server's own. */
function shapeFor({ tiePolicy, prizes }: RaceMetadata): Shape<RaceParticipant> {
  const amounts = new Map(prizes.map(({ place, amount }) => [place, amount]));
  const numbered = (row: RaceParticipant, position: number) => {
    const prize = amounts.get(position) ?? 0;
    // The same object tells React that nothing has to be drawn anew.
    return row.position === position && row.prize === prize ? row : { ...row, position, prize };
  };
  return {
    key: (row) => row.goatedId,
    place: (row) => row.position,
    at: tiePolicy === "shared" ? (row) => row : numbered,
  };
}

/** A race that settles is no longer live nor yet completed; then its status is left as it is. */
function statusOf(held: Race, { phase }: RaceMetadata): Race["status"] {
  return phase === "settling" ? held.status : phase;
}
