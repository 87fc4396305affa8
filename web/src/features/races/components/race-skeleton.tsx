import { HiddenTitle } from "@/components/layout/hidden-title";
import { SkeletonRows } from "@/components/ui/states";
import { texts } from "@/texts";

/** The outline of a race while it loads, so that nothing jumps when it is there. */
export function RaceSkeleton() {
  return (
    <div className="grid gap-4">
      <HiddenTitle title={texts.loading} />
      <div className="h-72 animate-pulse rounded-lg bg-raised sm:h-64" />
      <div className="h-40 animate-pulse rounded-lg bg-raised" />
      <div className="rounded-lg border border-line bg-panel">
        <SkeletonRows rows={7} />
      </div>
    </div>
  );
}
