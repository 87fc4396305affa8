import { TopBoards } from "@/features/leaderboard/components/top-boards";
import { CurrentRace } from "@/features/races/components/current-race";

export function HomeRoute() {
  return (
    <>
      <CurrentRace />
      <TopBoards />
    </>
  );
}
