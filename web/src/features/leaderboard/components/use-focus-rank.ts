import { useEffect, useLayoutEffect } from "react";

export const rowId = (rank: number) => `rank-${rank}`;

interface Wanted {
  /** Names the board: the same rank of another one is another row. */
  list: string;
  rank: number | undefined;
  /** Counts how often somebody has asked: for the same rank again is a wish, too. */
  times: number;
  /** Whether the row has come. */
  there: boolean;
}

/** Bring the row of a rank into view and, when it is there, focus it: once for each rank that is asked for. */
export function useFocusRank({ list, rank, times, there }: Wanted, scrollTo: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that move later must not pull the list about
  useLayoutEffect(() => {
    if (rank !== undefined) scrollTo();
  }, [list, rank, times]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again, it is focused again
  useEffect(() => {
    if (rank !== undefined && there) document.getElementById(rowId(rank))?.focus();
  }, [rank, there, times]);
}
