import type { Race, RaceMetadata, RaceParticipant } from "@/api/types";
import { mergeRows, type RowChanges } from "@/live/delta";

export interface RaceChanges extends RowChanges<RaceParticipant> {
  metadata: RaceMetadata;
}

/** Return the race as the changes leave it. Where ties are shared, places and prizes are the server's own. */
export function applyRaceDelta(held: Race, changes: RaceChanges): Race {
  const { metadata } = changes;
  const merged = mergeRows(
    held.participants,
    changes,
    (row) => row.goatedId,
    (row) => row.position,
  );
  const participants =
    metadata.tiePolicy === "shared"
      ? merged.toSorted((one, other) => one.position - other.position)
      : numbered(merged, metadata);
  return { ...held, participants, metadata, status: statusOf(held, metadata) };
}

function numbered(rows: RaceParticipant[], metadata: RaceMetadata): RaceParticipant[] {
  const prizes = new Map(metadata.prizes.map(({ place, amount }) => [place, amount]));
  return rows.map((row, index) => {
    const position = index + 1;
    const prize = prizes.get(position) ?? 0;
    // The same object tells React that nothing has to be drawn anew.
    return row.position === position && row.prize === prize ? row : { ...row, position, prize };
  });
}

/** A race that settles is no longer live nor yet completed; then its status is left as it is. */
function statusOf(held: Race, { phase }: RaceMetadata): Race["status"] {
  return phase === "settling" ? held.status : phase;
}
