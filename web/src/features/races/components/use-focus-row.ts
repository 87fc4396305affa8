import { useEffect } from "react";
import type { RaceParticipant } from "@/api/types";

export const rowId = (place: number) => `place-${place}`;

/** Bring the row of a place into view and focus it, once each time that it is asked for. */
export function useFocusRow(rows: RaceParticipant[], place: number | undefined, times: number): void {
  const there = place !== undefined && rows.some((row) => row.position === place);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again, it is focused again
  useEffect(() => {
    if (!there) return;
    const row = document.getElementById(rowId(place));
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
  }, [place, there, times]);
}
