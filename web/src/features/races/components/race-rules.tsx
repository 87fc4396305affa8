import type { Race } from "@/api/types";
import { Panel } from "@/components/ui/panel";
import { dateTimeIn, money } from "@/lib/format";
import { texts } from "@/texts";

/** How this race counts, in sentences. */
export function RaceRules({ race: { startDate, endDate, metadata } }: { race: Race }) {
  const { rules } = texts.race;
  const { tiePolicy, minWager, timezone, boundaries, prizes, phase } = metadata;
  const sentences = [
    rules.span(dateTimeIn(startDate, timezone), dateTimeIn(endDate, timezone), timezone),
    rules.counts,
    boundaries.start ? rules.started(dateTimeIn(boundaries.start.asOf, timezone)) : rules.starts,
    boundaries.end ? rules.ended(dateTimeIn(boundaries.end.asOf, timezone)) : rules.ends,
    tiePolicy === "shared" ? rules.shared : rules.firstToReach,
    Number(minWager) > 0 ? rules.minWager(money(minWager)) : rules.zero,
    prizes.length > 0 && phase !== "completed" && rules.prizes,
    rules.excluded,
  ].filter((sentence) => sentence !== false);
  return (
    <Panel id="rules" title={rules.title}>
      <ul className="grid list-disc gap-1.5 px-4 pb-4 pl-9 text-sm">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Panel>
  );
}
