import { count, money } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { Badge } from "../shared/badge";
import type { AwardTotal } from "../shared/types";

/** Dollars and awards by status. */
export function Totals({ totals }: { totals: AwardTotal[] }) {
  return (
    <ul className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {totals.map(({ status, amount, awards }) => (
        <li key={status} className="rounded-md border border-line p-3 text-sm">
          <Badge status={status}>{adminTexts.statuses[status]}</Badge>
          <p className="font-display text-2xl font-bold tabular-nums">{money(amount)}</p>
          <p className="text-muted">{adminTexts.awards.many(count(awards))}</p>
        </li>
      ))}
    </ul>
  );
}
