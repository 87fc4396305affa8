import { useNavigate, useSearch } from "@tanstack/react-router";
import type { BoardAddress } from "@/features/leaderboard/components/board-address";
import { LeaderboardPage } from "@/features/leaderboard/components/leaderboard-page";

export function LeaderboardRoute() {
  const address = useSearch({ from: "/leaderboard" });
  const navigate = useNavigate({ from: "/leaderboard" });
  const go = (change: Partial<BoardAddress>) => {
    const { rank: _, ...rest } = address;
    // Typing a search should not fill the history with its letters.
    void navigate({ search: { ...rest, ...change }, replace: "search" in change, resetScroll: false });
  };
  return <LeaderboardPage address={address} go={go} />;
}
