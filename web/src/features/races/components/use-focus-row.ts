import { useEffect } from "react";
import type { RaceParticipant } from "@/api/types";

export const rowId = (place: number) => `place-${place}`;

/** Bring the row of a place into view and focus it, once for each place that is asked for. */
export function useFocusRow(rows: RaceParticipant[], place: number | undefined): void {
  const there = place !== undefined && rows.some((row) => row.position === place);
  useEffect(() => {
    if (!there) return;
    const row = document.getElementById(rowId(place));
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
  }, [place, there]);
}
