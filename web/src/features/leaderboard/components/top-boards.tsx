import { PERIODS } from "@/lib/windows";
import { texts } from "@/texts";
import { TopBoard } from "./top-board";

/** The first few of all four windows. */
export function TopBoards() {
  return (
    <section aria-labelledby="boards" className="min-w-0">
      <h2 id="boards" className="mb-3 font-display text-3xl font-bold xl:sr-only">
        {texts.board.boards}
      </h2>
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-1">
        {PERIODS.map((period) => (
          <TopBoard key={period} period={period} />
        ))}
      </div>
    </section>
  );
}
