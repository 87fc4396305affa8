import type { TierProgress } from "@/api/types";
import { Panel } from "@/components/ui/panel";
import { TIER_INK, TierSwatch } from "@/components/ui/tier-badge";
import { money, prize } from "@/lib/format";
import { texts } from "@/texts";

/** The tier, the way to the next, and what the tier gives. */
export function TierPanel({ tier }: { tier: TierProgress }) {
  return (
    <Panel id="tier" title={texts.player.tier}>
      <div className="px-4 pb-4">
        <p className={`flex items-center gap-3 font-display text-4xl font-bold ${TIER_INK[tier.name]}`}>
          <TierSwatch tier={tier.name} />
          {tier.displayName}
        </p>
        {tier.next ? <Way tier={tier} next={tier.next} /> : <p className="mt-2">{texts.player.top}</p>}
        {tier.corrected && <p className="mt-2 text-sm text-muted">{texts.player.corrected}</p>}
        <h3 className="mt-4 text-sm font-medium text-muted">{texts.player.benefits}</h3>
        <ul className="mt-1 list-inside list-disc">
          {tier.benefits.map((benefit) => (
            <li key={benefit}>{benefit}</li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}

function Way({ tier, next }: { tier: TierProgress; next: NonNullable<TierProgress["next"]> }) {
  const missing = texts.player.missing(money(next.missing), next.displayName);
  return (
    <div className="mt-3">
      <div
        role="progressbar"
        aria-label={texts.player.progress(next.displayName)}
        aria-valuenow={Math.floor(tier.progress * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={missing}
        className="h-3 overflow-hidden rounded-full bg-raised ring-1 ring-line"
      >
        <div
          className="h-full bg-accent transition-[width] duration-500"
          style={{ width: `${tier.progress * 100}%` }}
        />
      </div>
      <p className="mt-1 flex justify-between text-xs text-muted tabular-nums">
        <span>{prize(tier.minWager)}</span>
        <span>{prize(next.minWager)}</span>
      </p>
      <p className="mt-1 tabular-nums">{missing}</p>
    </div>
  );
}
