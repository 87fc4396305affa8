import { TopBoards } from "@/features/leaderboard/components/top-boards";
import { CurrentRace } from "@/features/races/components/current-race";

export function HomeRoute() {
  return (
    <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_21rem] xl:gap-5">
      <CurrentRace />
      <TopBoards />
    </div>
  );
}
