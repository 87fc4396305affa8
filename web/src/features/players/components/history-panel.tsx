import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import type { PlayerHistory } from "@/api/types";
import { Panel } from "@/components/ui/panel";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { dateTime, money } from "@/lib/format";
import { HISTORY_WINDOWS, type HistoryWindow } from "@/lib/windows";
import { texts } from "@/texts";
import { historyQuery } from "../api/get-player";
import { HistoryTable } from "./history-table";

// The chart's code is fetched only where there is a chart.
const HistoryChart = lazy(() => import("./history-chart"));

interface HistoryPanelProps {
  id: string;
  window: HistoryWindow;
  choose: (window: HistoryWindow) => void;
}

/** What the player wagered over time: a chart, the same in a sentence, and as a table. */
export function HistoryPanel({ id, window, choose }: HistoryPanelProps) {
  const { data, error, refetch } = useQuery(historyQuery(id, window));
  return (
    <Panel id="history" title={texts.player.history} aside={<Spans window={window} choose={choose} />}>
      {!data &&
        (error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonRows rows={6} />)}
      {data && data.points.length < 2 && <EmptyState {...texts.player.noHistory} />}
      {data && data.points.length >= 2 && <Chart history={data} />}
    </Panel>
  );
}

function Chart({ history: { points } }: { history: PlayerHistory }) {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  return (
    <figure className="px-2 pb-3 sm:px-4">
      <Suspense fallback={<div className="h-72 animate-pulse rounded bg-raised" />}>
        <HistoryChart points={points} />
      </Suspense>
      <figcaption className="mt-2 text-sm text-muted tabular-nums">
        {texts.player.summary(money(last.all_time - first.all_time), dateTime(first.at), dateTime(last.at))}
      </figcaption>
      <HistoryTable points={points} />
    </figure>
  );
}

function Spans({ window, choose }: Omit<HistoryPanelProps, "id">) {
  return (
    <fieldset className="flex rounded-md border border-line p-0.5">
      <legend className="sr-only">{texts.player.windowsOfHistory}</legend>
      {HISTORY_WINDOWS.map((each) => (
        <label
          key={each}
          className="relative flex min-h-11 items-center rounded px-2.5 text-sm font-medium text-muted hover:text-ink has-checked:bg-brand has-checked:text-coal has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="history-window"
            value={each}
            checked={each === window}
            onChange={() => choose(each)}
            className="absolute inset-0 cursor-pointer appearance-none outline-none"
          />
          {texts.player.spans[each]}
        </label>
      ))}
    </fieldset>
  );
}
