import { useQuery } from "@tanstack/react-query";
import type { TierInfo } from "@/api/types";
import { PageTitle } from "@/components/layout/page-title";
import { DataAge } from "@/components/ui/data-age";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { TIER_INK, TierSwatch } from "@/components/ui/tier-badge";
import { count, percent, prize } from "@/lib/format";
import { texts } from "@/texts";
import { tiersQuery } from "../api/get-tiers";

/** The tiers from the highest down, each with what it asks for, what it gives, and who is in it. */
export function TiersPage() {
  const { data, error, refetch } = useQuery(tiersQuery);
  const total = data?.tiers.reduce((sum, tier) => sum + tier.players, 0) ?? 0;
  return (
    <>
      <PageTitle title={texts.info.tiers.title}>
        {data && (
          <p className="text-sm text-muted">
            {texts.info.tiers.asOf} <DataAge asOf={data.asOf} />
          </p>
        )}
      </PageTitle>
      <p className="mb-6 max-w-prose text-muted">{texts.info.tiers.intro}</p>
      {!data && !error && <SkeletonRows rows={7} />}
      {!data && error && <ErrorState error={error} retry={() => void refetch()} />}
      <ol className="grid gap-3">
        {data?.tiers.toReversed().map((tier) => (
          <Tier key={tier.name} tier={tier} share={total > 0 ? tier.players / total : 0} />
        ))}
      </ol>
    </>
  );
}

function Tier({ tier, share }: { tier: TierInfo; share: number }) {
  return (
    <li className="grid gap-x-8 gap-y-3 rounded-lg border border-line bg-panel p-4 sm:grid-cols-[13rem_minmax(0,1fr)_15rem] sm:items-center sm:p-5">
      <div>
        <h2
          className={`flex items-center gap-3 font-display text-3xl leading-none font-bold ${TIER_INK[tier.name]}`}
        >
          <TierSwatch tier={tier.name} />
          {texts.tiers[tier.name]}
        </h2>
        <p className="mt-1 text-sm text-muted tabular-nums">
          {tier.minWager > 0 ? texts.info.tiers.from(prize(tier.minWager)) : texts.info.tiers.start}
        </p>
      </div>
      <ul aria-label={texts.info.tiers.benefits} className="list-inside list-disc">
        {tier.benefits.map((benefit) => (
          <li key={benefit}>{benefit}</li>
        ))}
      </ul>
      <div className="tabular-nums">
        <p className="flex justify-between gap-3 text-sm">
          <span className="font-semibold">
            {texts.info.tiers.players(count(tier.players), tier.players === 1)}
          </span>
          <span className="text-muted">{texts.info.tiers.share(percent(share))}</span>
        </p>
        <svg
          aria-hidden="true"
          viewBox="0 0 100 4"
          preserveAspectRatio="none"
          className={`mt-1 h-1.5 w-full ${TIER_INK[tier.name]}`}
        >
          <rect width="100" height="4" rx="2" className="fill-raised" />
          <rect width={share * 100} height="4" rx="2" className="fill-current" />
        </svg>
      </div>
    </li>
  );
}
