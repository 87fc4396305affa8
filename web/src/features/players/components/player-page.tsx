import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ApiError } from "@/api/client";
import { PageError, PageSkeleton } from "@/components/layout/page-states";
import { PageTitle } from "@/components/layout/page-title";
import { StaleNotice } from "@/components/ui/data-age";
import { Marks } from "@/components/ui/notice";
import { EmptyState, QUIET_BUTTON } from "@/components/ui/states";
import type { HistoryWindow } from "@/lib/windows";
import { useTopic } from "@/live/live-context";
import { texts } from "@/texts";
import { playerQuery } from "../api/get-player";
import { HistoryPanel } from "./history-panel";
import { PlayerHead } from "./player-head";
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
      <PlayerHead player={player} />
      <div className="mb-4 grid gap-2 empty:hidden">
        {player.wager && <StaleNotice asOf={player.metadata.asOf} />}
        <Marks marks={player.metadata.marks} />
      </div>
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
