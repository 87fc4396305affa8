import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ApiError } from "@/api/client";
import type { Player } from "@/api/types";
import { PageError, PageSkeleton } from "@/components/layout/page-states";
import { PageTitle } from "@/components/layout/page-title";
import { DataAge, StaleNotice } from "@/components/ui/data-age";
import { Marks } from "@/components/ui/notice";
import { EmptyState, QUIET_BUTTON } from "@/components/ui/states";
import { TierBadge } from "@/components/ui/tier-badge";
import type { HistoryWindow } from "@/lib/windows";
import { useTopic } from "@/live/live-context";
import { texts } from "@/texts/en";
import { playerQuery } from "../api/get-player";
import { HistoryPanel } from "./history-panel";
import { TierPanel } from "./tier-panel";
import { WindowsPanel } from "./windows-panel";

interface PlayerPageProps {
  id: string;
  window: HistoryWindow;
  choose: (window: HistoryWindow) => void;
}

// A player has no topic of his own; every report moves this board, and then he is asked for again.
const REPORTS = "leaderboard:all_time";

export function PlayerPage({ id, window, choose }: PlayerPageProps) {
  const { data: player, error, refetch } = useQuery(playerQuery(id));
  useTopic(player ? REPORTS : null);
  if (error instanceof ApiError && error.status === 404) return <NoSuchPlayer />;
  if (!player)
    return error ? <PageError error={error} retry={() => void refetch()} /> : <PageSkeleton rows={8} />;
  return (
    <>
      <PageTitle title={player.username}>
        <Facts player={player} />
      </PageTitle>
      <div className="mb-4 grid gap-2 empty:hidden">
        {player.wager && <StaleNotice asOf={player.metadata.asOf} />}
        <Marks marks={player.metadata.marks} />
      </div>
      {player.bio && <p className="mb-4 max-w-prose break-words whitespace-pre-line">{player.bio}</p>}
      {player.wager && player.ranks && player.tier ? (
        <div className="grid items-start gap-4 lg:grid-cols-[2fr_3fr]">
          <div className="grid gap-4">
            <TierPanel tier={player.tier} />
            <WindowsPanel wager={player.wager} ranks={player.ranks} />
          </div>
          <HistoryPanel id={id} window={window} choose={choose} />
        </div>
      ) : (
        <EmptyState {...texts.player.noPlayer} />
      )}
    </>
  );
}

function Facts({ player }: { player: Player }) {
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted tabular-nums">
      {player.tier && <TierBadge tier={player.tier.name} />}
      {player.racesWon > 0 && (
        <span className="font-semibold text-ink">{texts.player.racesWon(player.racesWon)}</span>
      )}
      {player.goatedId && <span className="break-all">{texts.player.feedId(player.goatedId)}</span>}
      {player.wager && <DataAge asOf={player.metadata.asOf} />}
    </p>
  );
}

function NoSuchPlayer() {
  return (
    <>
      <PageTitle title={texts.player.missingPlayer.title} />
      <p className="text-muted">{texts.player.missingPlayer.text}</p>
      <p className="mt-4">
        <Link to="/leaderboard" className={QUIET_BUTTON}>
          {texts.player.find}
        </Link>
      </p>
    </>
  );
}
