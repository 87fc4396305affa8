import { useEffect } from "react";
import type { LeaderboardEntry } from "@/api/types";

export const rowId = (rank: number) => `rank-${rank}`;

// A virtual row is drawn a frame or two after it was scrolled to.
const FRAMES = 30;

/** Bring the row of a rank into view and focus it, once for each rank that is asked for. */
export function useFocusRank(
  rows: LeaderboardEntry[],
  rank: number | undefined,
  scrollTo: (index: number) => void,
): void {
  const there = rank !== undefined && rows.some((row) => row.rank === rank);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that move later must not pull the page about
  useEffect(() => {
    if (!there) return;
    scrollTo(rows.findIndex((row) => row.rank === rank));
    let frame = 0;
    let request = requestAnimationFrame(function focus() {
      const row = document.getElementById(rowId(rank));
      frame += 1;
      if (row) row.focus({ preventScroll: frame > 1 });
      else if (frame < FRAMES) request = requestAnimationFrame(focus);
    });
    return () => cancelAnimationFrame(request);
  }, [rank, there]);
}
