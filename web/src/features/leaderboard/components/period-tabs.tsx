import { Link } from "@tanstack/react-router";
import type { Period } from "@/api/types";
import { PERIODS } from "@/lib/windows";
import { texts } from "@/texts";

/** The four windows; each has its own address. */
export function PeriodTabs({ period, search }: { period: Period; search: string }) {
  return (
    <nav
      aria-label={texts.board.windows}
      className="flex rounded-md border border-line bg-panel p-1 max-sm:w-full"
    >
      {PERIODS.map((each) => (
        <Link
          key={each}
          to="/leaderboard"
          search={{ period: each, search }}
          activeOptions={{ exact: true }}
          aria-current={each === period ? "page" : undefined}
          className="flex min-h-11 items-center justify-center rounded px-2 text-sm font-semibold whitespace-nowrap text-muted hover:text-ink max-sm:flex-1 sm:px-4 aria-[current=page]:bg-brand aria-[current=page]:text-coal"
        >
          {texts.periods[each]}
        </Link>
      ))}
    </nav>
  );
}
