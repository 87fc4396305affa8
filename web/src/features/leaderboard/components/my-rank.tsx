import { useQuery } from "@tanstack/react-query";
import type { LeaderboardEntry, Period } from "@/api/types";
import { Counting } from "@/components/ui/counting";
import { QUIET_BUTTON } from "@/components/ui/states";
import { useOwnPlayer } from "@/hooks/use-own-player";
import { count, money, ordinal } from "@/lib/format";
import { texts } from "@/texts";
import { aroundQuery } from "../api/get-leaderboard";

interface MyRankProps {
  period: Period;
  version: number;
  jump: (rank: number) => void;
}

/** The reader's own row, pinned to the bottom of the window, with what he lacks to the rank above. */
export function MyRank({ period, version, jump }: MyRankProps) {
  const own = useOwnPlayer();
  const { data } = useQuery({ ...aroundQuery(period, own?.uid ?? "", version), enabled: own !== null });
  const at = data ? data.data.findIndex(({ uid }) => uid === own?.uid) : -1;
  const mine = data?.data[at];
  if (!own || !mine) return null;
  const { rank } = mine;
  return (
    <section
      aria-label={texts.board.me.label}
      className="sticky bottom-0 z-20 mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 rounded-lg border-2 border-accent bg-panel px-4 py-2 shadow-lg tabular-nums"
    >
      <p className="flex min-w-0 items-baseline gap-3">
        <span className="font-display text-3xl leading-none font-bold">
          {rank === null ? "–" : ordinal(rank)}
        </span>
        <span className="truncate font-semibold">
          {texts.board.me.you} · <bdi>{own.name}</bdi>
        </span>
        <Counting value={mine.wagered[period]} format={money} />
      </p>
      <p className="text-sm">{gap(mine, data?.data[at - 1], period)}</p>
      {rank !== null && (
        <button type="button" className={`${QUIET_BUTTON} ml-auto`} onClick={() => jump(rank)}>
          {texts.board.me.show}
        </button>
      )}
    </section>
  );
}

function gap(mine: LeaderboardEntry, above: LeaderboardEntry | undefined, period: Period): string {
  const { me } = texts.board;
  if (mine.rank === null) return me.none;
  if (!above || above.rank === null) return me.leads;
  return me.toNext(money(above.wagered[period] - mine.wagered[period]), count(above.rank));
}
