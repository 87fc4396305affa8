import { type UseQueryResult, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { LeaderboardData, LeaderboardEntry, Period } from "@/api/types";
import {
  boardKey,
  boardQuery,
  type Pin,
  pinnedKey,
  pinnedQuery,
  ROWS_PER_PAGE,
} from "../api/get-leaderboard";

/** All rows of a board, or of the hits of a search, at one version. */
export interface BoardRows {
  period: Period;
  search: string;
  /** The first page, which says what all rows are true for. */
  head: LeaderboardData;
  /** A row by its index, if its page has come. */
  at: (index: number) => LeaderboardEntry | undefined;
  /** The rows of the pages that were asked for, as far as they have come. */
  loaded: readonly LeaderboardEntry[];
}

interface Found {
  rows: BoardRows | undefined;
  /** Why something that should be seen is not there. */
  error: Error | null;
  retry: () => void;
  /** Whether other rows than those asked for are still shown. */
  waiting: boolean;
}

type Snapshot = Pick<BoardRows, "period" | "search" | "head">;

/**
 * Read the pages that are looked at. Every page is asked for as of the first one, and a newer version is
 * shown only when all of it that is looked at has come: no row ever stands there twice, and none is missing.
 */
export function useBoardRows(period: Period, search: string, pages: readonly number[]): Found {
  const cache = useQueryClient();
  const head = useQuery(boardQuery({ period, page: 1, search }));
  const wanted = head.isPlaceholderData ? undefined : head.data;
  const pin = wanted && pinOf(wanted);
  const beyond = wanted ? pages.filter((page) => page > 1 && page <= wanted.pagination.pages) : [];
  const answers = useQueries({
    queries: pin ? beyond.map((page) => pinnedQuery({ period, page, search }, pin)) : [],
    combine,
  });
  const [shown, setShown] = useState<Snapshot>();
  const isOther = shown?.period !== period || shown.search !== search;
  if (wanted && shown?.head !== wanted && (isOther || answers.complete))
    setShown({ period, search, head: wanted });
  useNewerHead(answers.newest, pin?.version, () => {
    void cache.invalidateQueries({ queryKey: boardKey({ period, page: 1, search }), exact: true });
  });
  const asked = pages.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `answers` says when the cache has more
  const rows = useMemo(() => {
    if (!shown) return undefined;
    const pageOf = (page: number) => pageIn(shown, page, (key) => cache.getQueryData<LeaderboardData>(key));
    return {
      ...shown,
      at: (index: number) => pageOf(Math.floor(index / ROWS_PER_PAGE) + 1)?.[index % ROWS_PER_PAGE],
      loaded: [...new Set([1, ...pages])].flatMap((page) => pageOf(page) ?? []),
    };
  }, [cache, shown, asked, answers]);
  const error = shown && !isOther ? answers.error : (head.error ?? answers.error);
  return {
    rows,
    error,
    retry: () => void (answers.error ? answers.retry() : head.refetch()),
    waiting: isOther || head.isPlaceholderData,
  };
}

/** What was asked with a pin can be newer all the same, when somebody has hidden himself: then all is. */
function useNewerHead(newest: number, held: number | undefined, ask: () => void): void {
  const isBehind = held !== undefined && newest > held;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each newer version
  useEffect(() => {
    if (isBehind) ask();
  }, [isBehind, newest]);
}

const pinOf = ({ metadata: { asOf, version } }: LeaderboardData): Pin | undefined =>
  asOf === null ? undefined : { asOf, version };

function pageIn(
  { period, search, head }: Snapshot,
  page: number,
  held: (key: readonly unknown[]) => LeaderboardData | undefined,
): LeaderboardEntry[] | undefined {
  if (page === 1) return head.data;
  const pin = pinOf(head);
  return pin && held(pinnedKey({ period, page, search }, pin))?.data;
}

/** A constant, so that the same answers combine to the same object. */
function combine(answers: UseQueryResult<LeaderboardData>[]) {
  const failed = answers.find(({ error }) => error !== null);
  return {
    complete: answers.every(({ data }) => data !== undefined),
    newest: Math.max(0, ...answers.map(({ data }) => data?.metadata.version ?? 0)),
    versions: answers.map(({ dataUpdatedAt }) => dataUpdatedAt),
    error: failed?.error ?? null,
    retry: () => failed?.refetch(),
  };
}
