import { useQuery } from "@tanstack/react-query";
import { PageTitle } from "@/components/layout/page-title";
import { DataAge, StaleNotice } from "@/components/ui/data-age";
import { JumpToRank } from "@/components/ui/jump-to-rank";
import { Marks } from "@/components/ui/notice";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { count } from "@/lib/format";
import { useTopic } from "@/live/live-context";
import { texts } from "@/texts/en";
import { boardQuery, ROWS_PER_PAGE } from "../api/get-leaderboard";
import { boardTopic } from "../live/apply-board-frame";
import type { BoardAddress } from "./board-address";
import { BoardTable } from "./board-table";
import { NoRows } from "./no-rows";
import { PeriodTabs } from "./period-tabs";

interface LeaderboardPageProps {
  address: BoardAddress;
  go: (change: Partial<BoardAddress>) => void;
}

export function LeaderboardPage({ address, go }: LeaderboardPageProps) {
  const { period, page, search, rank } = address;
  const { data, error, refetch, isPlaceholderData } = useQuery(boardQuery({ period, page, search }));
  useTopic(data && !isPlaceholderData ? boardTopic(period) : null);
  return (
    <>
      <PageTitle title={texts.board.title}>
        {data && (
          <p className="flex flex-wrap gap-x-4 text-sm text-muted tabular-nums">
            <span>
              {texts.board.counts(count(data.metadata.rankedUsers), count(data.metadata.totalUsers))}
            </span>
            <DataAge asOf={data.metadata.asOf} />
          </p>
        )}
      </PageTitle>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-3">
        <PeriodTabs period={period} search={search} />
        <div className="flex flex-wrap items-end gap-3 max-sm:w-full">
          <SearchBox
            label={texts.board.search}
            search={search}
            find={(text) => go({ search: text, page: 1 })}
          />
          <JumpToRank
            last={data?.metadata.rankedUsers}
            jump={(to) => go({ search: "", page: Math.ceil(to / ROWS_PER_PAGE), rank: to })}
          />
        </div>
      </div>
      {data && (
        <div className="mb-3 grid gap-2 empty:hidden">
          <StaleNotice asOf={data.metadata.asOf} />
          <Marks marks={data.metadata.marks} />
        </div>
      )}
      <section
        aria-label={texts.periods[period]}
        aria-busy={isPlaceholderData}
        className="overflow-clip rounded-lg border border-line bg-panel"
      >
        {!data &&
          (error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonRows rows={12} />)}
        {data && search && data.data.length > 0 && (
          <p className="px-4 pt-3 text-sm text-muted">
            {texts.board.hits(count(data.pagination.total), search)}
          </p>
        )}
        {data && data.data.length > 0 && (
          <BoardTable
            board={data}
            period={period}
            list={`${period}:${page}:${search}`}
            rank={isPlaceholderData ? undefined : rank}
          />
        )}
        {data && data.data.length === 0 && <NoRows address={address} go={go} />}
        {data && <Pager page={page} pages={data.pagination.pages} go={(to) => go({ page: to })} />}
      </section>
    </>
  );
}
