import type { TierLevel } from "@/api/types";
import { texts } from "@/texts";

/** The seed's colours; as text they are made legible by the `--tier-…` variables. */
const SWATCHES: Record<TierLevel, string> = {
  bronze: "bg-[#CD7F32]",
  silver: "bg-[#C0C0C0]",
  gold: "bg-[#FFD700]",
  platinum: "bg-[#E5E4E2]",
  diamond: "bg-[#B9F2FF]",
  master: "bg-[#FFFFFF]",
  legend: "bg-[#FF0000]",
};

export const TIER_INK: Record<TierLevel, string> = {
  bronze: "text-(--tier-bronze)",
  silver: "text-(--tier-silver)",
  gold: "text-(--tier-gold)",
  platinum: "text-(--tier-platinum)",
  diamond: "text-(--tier-diamond)",
  master: "text-(--tier-master)",
  legend: "text-(--tier-legend)",
};

export function TierBadge({ tier }: { tier: TierLevel }) {
  return (
    <span className={`inline-flex items-center gap-1.5 text-xs font-semibold ${TIER_INK[tier]}`}>
      <TierSwatch tier={tier} />
      {texts.tiers[tier]}
    </span>
  );
}

export function TierSwatch({ tier }: { tier: TierLevel }) {
  return (
    <span
      aria-hidden="true"
      className={`inline-block size-2.5 rotate-45 rounded-[2px] ring-1 ring-ink/30 ${SWATCHES[tier]}`}
    />
  );
}
