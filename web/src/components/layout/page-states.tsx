import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { texts } from "@/texts";
import { HiddenTitle } from "./hidden-title";

/** A page that could not be loaded. */
export function PageError({ error, retry }: { error: Error; retry: () => void }) {
  return (
    <section className="rounded-lg border border-line bg-panel">
      <HiddenTitle title={texts.failed.title} />
      <ErrorState error={error} retry={retry} />
    </section>
  );
}

/** A page whose outline is rows. */
export function PageSkeleton({ rows }: { rows: number }) {
  return (
    <section className="rounded-lg border border-line bg-panel">
      <HiddenTitle title={texts.loading} />
      <SkeletonRows rows={rows} />
    </section>
  );
}
