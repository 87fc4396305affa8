import { useState } from "react";
import type { HistoryPoint } from "@/api/types";
import { dateTime, money } from "@/lib/format";
import { texts } from "@/texts";

/** The chart's points as figures, newest first, for whoever cannot or will not read a chart. */
export function HistoryTable({ points }: { points: HistoryPoint[] }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="mt-2 text-sm" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer py-2 font-medium">{texts.player.table}</summary>
      {open && (
        <section
          aria-label={texts.player.history}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-80 overflow-y-auto border-y border-line"
        >
          <Rows points={points} />
        </section>
      )}
    </details>
  );
}

function Rows({ points }: { points: HistoryPoint[] }) {
  return (
    <table className="w-full text-right tabular-nums">
      <thead className="sticky top-0 bg-panel text-muted">
        <tr>
          <th scope="col" className="p-2 text-left font-medium">
            {texts.player.when}
          </th>
          <th scope="col" className="p-2 font-medium">
            {texts.player.total}
          </th>
          <th scope="col" className="p-2 font-medium">
            {texts.player.gained}
          </th>
        </tr>
      </thead>
      <tbody>
        {points
          .map((point, index) => (
            <tr key={point.at} className="border-t border-line">
              <th scope="row" className="p-2 text-left font-normal">
                {dateTime(point.at)}
              </th>
              <td className="p-2">{money(point.all_time)}</td>
              <td className="p-2">
                {index > 0 && money(point.all_time - (points[index - 1]?.all_time ?? 0))}
              </td>
            </tr>
          ))
          .reverse()}
      </tbody>
    </table>
  );
}
