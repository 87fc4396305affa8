import type { RowChange } from "@/hooks/use-row-changes";
import { count } from "@/lib/format";
import { texts } from "@/texts";

/** An arrow with the places that somebody just won or lost. */
export function RankMove({ change }: { change: RowChange | undefined }) {
  if (!change || change.climbed === 0) return null;
  const rose = change.climbed > 0;
  const places = count(Math.abs(change.climbed));
  return (
    <span className={`text-xs font-semibold tabular-nums ${rose ? "text-rise" : "text-fall"}`}>
      <span aria-hidden="true">
        {rose ? "▲" : "▼"}
        {places}
      </span>
      <span className="sr-only">{rose ? texts.change.up(places) : texts.change.down(places)}</span>
    </span>
  );
}

/** The class that lets a row light up once for each change. */
export function flashOf(change: RowChange | undefined): string {
  if (!change) return "";
  return change.version % 2 === 0 ? "animate-flash" : "animate-flash-again";
}
