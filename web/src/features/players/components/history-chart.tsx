import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { HistoryPoint } from "@/api/types";
import { useTheme } from "@/hooks/use-theme";
import { dateTime, money, shortMoney, tick } from "@/lib/format";
import { texts } from "@/texts";

const HEIGHT = 288;

/** The total over time, in steps: between two reports nobody knows what happened. */
export default function HistoryChart({ points }: { points: HistoryPoint[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const [theme] = useTheme();
  const [pointed, setPointed] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew for another theme
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const chart = new uPlot(optionsFor(element, setPointed), dataOf(points), element);
    const fit = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    fit.observe(element);
    return () => {
      fit.disconnect();
      chart.destroy();
    };
  }, [points, theme]);
  const shown = points[pointed ?? points.length - 1];
  return (
    <>
      <p aria-hidden="true" className="flex justify-between px-2 pb-1 text-sm tabular-nums">
        <span className="text-muted">{shown && dateTime(shown.at)}</span>
        <span className="font-semibold">{shown && money(shown.all_time)}</span>
      </p>
      <div
        ref={frame}
        role="img"
        aria-label={texts.player.historyOf}
        className="w-full"
        style={{ height: HEIGHT }}
      />
    </>
  );
}

function dataOf(points: HistoryPoint[]): uPlot.AlignedData {
  return [points.map(({ at }) => Date.parse(at) / 1000), points.map(({ all_time }) => all_time)];
}

function optionsFor(element: HTMLElement, point: (index: number | null) => void): uPlot.Options {
  const style = getComputedStyle(element);
  // A canvas cannot read light-dark(); the browser resolves it on an element's colour.
  const colour = (name: string) => resolveColour(element, name);
  const axis: uPlot.Axis = {
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
  };
  const accent = colour("--accent");
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { fill: accent } },
    hooks: { setCursor: [(chart) => point(chart.cursor.idx ?? null)] },
    axes: [
      {
        ...axis,
        space: 72,
        values: (_, ticks, _axis, _space, step) => ticks.map((at) => tick(at * 1000, step)),
      },
      { ...axis, size: 64, values: (_, ticks) => ticks.map(shortMoney) },
    ],
    series: [
      {},
      {
        stroke: accent,
        width: 2,
        fill: colour("--flash"),
        points: { show: false },
        ...(uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
      },
    ],
  };
}

function resolveColour(parent: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  parent.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
