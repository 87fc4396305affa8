import { useCallback, useState } from "react";
import type { LeaderboardData } from "@/api/types";
import { PageTitle } from "@/components/layout/page-title";
import { DataAge, StaleNotice } from "@/components/ui/data-age";
import { JumpToRank } from "@/components/ui/jump-to-rank";
import { Marks, Notice } from "@/components/ui/notice";
import { SearchBox } from "@/components/ui/search-box";
import { ErrorState, LINK, SkeletonRows } from "@/components/ui/states";
import { useDebounced } from "@/hooks/use-debounced";
import { count } from "@/lib/format";
import { useTopic } from "@/live/live-context";
import { texts } from "@/texts";
import { ROWS_PER_PAGE } from "../api/get-leaderboard";
import { boardTopic } from "../live/apply-board-frame";
import type { BoardAddress } from "./board-address";
import { BoardTable } from "./board-table";
import { MyRank } from "./my-rank";
import { NoRows } from "./no-rows";
import { PeriodTabs } from "./period-tabs";
import { TopMovers } from "./top-movers";
import { useBoardRows } from "./use-board-rows";

interface LeaderboardPageProps {
  address: BoardAddress;
  go: (change: Partial<BoardAddress>) => void;
}

// Pages that only fly past need not be asked for.
const STANDS_STILL = 120;

export function LeaderboardPage({ address, go }: LeaderboardPageProps) {
  const { period, search, rank } = address;
  const [looked, look] = useLookedAt();
  const { rows, error, retry, waiting } = useBoardRows(period, search, looked);
  const head = rows?.head;
  useTopic(head && !waiting ? boardTopic(period) : null);
  const [times, setTimes] = useState(0);
  const jump = (to: number) => {
    setTimes(times + 1);
    go({ search: "", rank: to });
  };
  return (
    <>
      <PageTitle title={texts.board.title}>{head && <Facts head={head} />}</PageTitle>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-3">
        <PeriodTabs period={period} search={search} />
        <div className="flex flex-wrap items-end gap-3 max-sm:w-full">
          <SearchBox label={texts.board.search} search={search} find={(text) => go({ search: text })} />
          <JumpToRank last={head?.metadata.rankedUsers} jump={jump} />
        </div>
      </div>
      {head && (
        <div className="mb-3 grid gap-2 empty:hidden">
          <StaleNotice asOf={head.metadata.asOf} />
          <Marks marks={head.metadata.marks} />
        </div>
      )}
      <section
        aria-label={texts.periods[period]}
        aria-busy={waiting}
        className="overflow-clip rounded-lg border border-line bg-panel"
      >
        {!rows && (error ? <ErrorState error={error} retry={retry} /> : <SkeletonRows rows={12} />)}
        {rows && error && <Partly retry={retry} />}
        {rows && search && rows.head.data.length > 0 && (
          <p className="px-4 py-2 text-sm text-muted">
            {texts.board.hits(count(rows.head.pagination.total), search)}
          </p>
        )}
        {rows && rows.head.data.length > 0 && (
          <BoardTable rows={rows} rank={waiting ? undefined : rank} times={times} look={look} />
        )}
        {rows && rows.head.data.length === 0 && <NoRows address={address} go={go} />}
      </section>
      {head && <MyRank period={period} version={head.metadata.version} jump={jump} />}
      {head && <More period={period} />}
    </>
  );
}

/** The pages near the window, as soon as it stands still. */
function useLookedAt(): [readonly number[], (first: number, end: number) => void] {
  const [pages, setPages] = useState("1");
  const look = useCallback((first: number, end: number) => {
    const [from, to] = [pageOf(first), pageOf(Math.max(first, end - 1))];
    setPages(Array.from({ length: to - from + 1 }, (_, step) => from + step).join());
  }, []);
  return [useDebounced(pages, STANDS_STILL).split(",").map(Number), look];
}

const pageOf = (index: number) => Math.floor(index / ROWS_PER_PAGE) + 1;

function Facts({ head: { metadata } }: { head: LeaderboardData }) {
  return (
    <p className="flex flex-wrap gap-x-4 text-sm text-muted tabular-nums">
      <span>{texts.board.counts(count(metadata.rankedUsers), count(metadata.totalUsers))}</span>
      <DataAge asOf={metadata.asOf} />
    </p>
  );
}

function Partly({ retry }: { retry: () => void }) {
  return (
    <div role="alert" className="p-2">
      <Notice>
        {texts.board.partly}{" "}
        <button type="button" onClick={retry} className="min-h-6 font-semibold underline">
          {texts.retry}
        </button>
      </Notice>
    </div>
  );
}

// A window that begins anew every day or week has no places of a day ago to compare with.
const LASTING = ["all_time", "this_month"];

function More({ period }: Pick<BoardAddress, "period">) {
  return (
    <div className="mt-3 grid gap-3">
      <p>
        <a href={`/api/leaderboard.csv?period=${period}`} className={`${LINK} inline-block py-2.5 text-sm`}>
          {texts.board.csv}
        </a>
      </p>
      {LASTING.includes(period) && (
        <div>
          <TopMovers key={period} period={period} />
        </div>
      )}
    </div>
  );
}
