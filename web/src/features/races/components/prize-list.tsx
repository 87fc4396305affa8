import { useState } from "react";
import type { RaceMetadata } from "@/api/types";
import { Panel } from "@/components/ui/panel";
import { QUIET_BUTTON } from "@/components/ui/states";
import { count, prize } from "@/lib/format";
import { texts } from "@/texts";

// A table of ranges may pay hundreds of places; the first of them tell what it is about.
const SHOWN = 12;

/** What each place pays. */
export function PrizeList({ prizes }: { prizes: RaceMetadata["prizes"] }) {
  const [all, setAll] = useState(false);
  if (prizes.length === 0) return null;
  const shown = all ? prizes : prizes.slice(0, SHOWN);
  return (
    <Panel id="prizes" title={texts.race.prizes}>
      <dl className="grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-px border-t border-line">
        {shown.map(({ place, amount }) => (
          <div key={place} className="px-4 py-2.5">
            <dt className="text-sm text-muted">{texts.race.placeOf(count(place))}</dt>
            <dd className="font-display text-2xl leading-tight font-bold text-accent tabular-nums">
              {prize(amount)}
            </dd>
          </div>
        ))}
      </dl>
      {prizes.length > shown.length && (
        <p className="px-4 pb-4">
          <button type="button" className={QUIET_BUTTON} onClick={() => setAll(true)}>
            {texts.race.allPrizes(count(prizes.length))}
          </button>
        </p>
      )}
    </Panel>
  );
}
