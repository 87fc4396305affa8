import { useServerNow } from "@/hooks/use-server-now";
import { useStaleAfter } from "@/hooks/use-stale-after";
import { age } from "@/lib/format";
import { texts } from "@/texts";
import { Notice } from "./notice";

function useAge(asOf: string | null): number | null {
  const now = useServerNow();
  return asOf === null || now === null ? null : now - Date.parse(asOf);
}

/** How old the figures are, counted by the server's clock. */
export function DataAge({ asOf }: { asOf: string | null }) {
  const old = useAge(asOf);
  if (asOf === null) return <span data-testid="data-age">{texts.noReport}</span>;
  return (
    <time dateTime={asOf} data-testid="data-age" className="tabular-nums whitespace-nowrap">
      {old === null ? "" : texts.asOf(age(old))}
    </time>
  );
}

/** Says so when the figures of something that should be moving are old. */
export function StaleNotice({ asOf }: { asOf: string | null }) {
  const old = useAge(asOf);
  const limit = useStaleAfter();
  if (old === null || limit === null || old < limit) return null;
  return <Notice>{texts.stale(age(old))}</Notice>;
}
