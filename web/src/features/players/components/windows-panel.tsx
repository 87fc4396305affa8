import { Link } from "@tanstack/react-router";
import type { Period, Player } from "@/api/types";
import { Panel } from "@/components/ui/panel";
import { LINK } from "@/components/ui/states";
import { count, money } from "@/lib/format";
import { PERIODS } from "@/lib/windows";
import { texts } from "@/texts";

type Wager = NonNullable<Player["wager"]>;
type Ranks = NonNullable<Player["ranks"]>;

// A profile names the windows otherwise than a board does.
const AMOUNTS: Record<Period, keyof Wager> = {
  today: "daily",
  this_week: "weekly",
  this_month: "monthly",
  all_time: "all_time",
};

/** The four windows with the place in each. */
export function WindowsPanel({ wager, ranks }: { wager: Wager; ranks: Ranks }) {
  return (
    <Panel id="windows" title={texts.player.windows}>
      <dl className="border-t border-line">
        {PERIODS.map((period) => (
          <div
            key={period}
            className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line px-4 py-2.5 tabular-nums last:border-0"
          >
            <dt className="text-muted">{texts.periods[period]}</dt>
            <dd className="flex items-baseline gap-3">
              <RankLink period={period} rank={ranks[period]} />
              <span className="min-w-32 text-right font-semibold">{money(wager[AMOUNTS[period]])}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function RankLink({ period, rank }: { period: Period; rank: number | null }) {
  if (rank === null) return <span className="text-sm text-muted">{texts.board.unranked}</span>;
  return (
    <Link
      to="/leaderboard"
      search={{ period, rank }}
      aria-label={`${texts.player.rankOf(count(rank))}: ${texts.periods[period]}`}
      className={`${LINK} text-sm`}
    >
      {texts.player.rankOf(count(rank))}
    </Link>
  );
}
