import type { RaceMetadata } from "@/api/types";
import { Panel } from "@/components/ui/panel";
import { count, prize } from "@/lib/format";
import { texts } from "@/texts/en";

// A table of ranges may pay hundreds of places; the first of them tell what it is about.
const SHOWN = 20;

/** What each place pays, for a race that has no standings to show it. */
export function PrizeList({ prizes }: { prizes: RaceMetadata["prizes"] }) {
  if (prizes.length === 0) return null;
  return (
    <Panel id="prizes" title={texts.race.prizes}>
      <dl className="grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-px border-t border-line">
        {prizes.slice(0, SHOWN).map(({ place, amount }) => (
          <div key={place} className="px-4 py-3">
            <dt className="text-sm text-muted">{texts.race.placeOf(count(place))}</dt>
            <dd className="font-display text-2xl font-bold text-accent tabular-nums">{prize(amount)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
