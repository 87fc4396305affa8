import { Link } from "@tanstack/react-router";
import { type Column, DataTable } from "@/components/ui/data-table";
import { money, prize } from "@/lib/format";
import { texts } from "@/texts";
import { adminTexts } from "@/texts/en/admin";
import { Badge } from "../shared/badge";
import { Time } from "../shared/time";
import type { RaceOverview } from "../shared/types";

const text = adminTexts.races;

const COLUMNS: Column<RaceOverview>[] = [
  {
    title: text.race,
    cell: ({ id, name }) => (
      <Link
        to="/admin/races/$id"
        params={{ id: String(id) }}
        className="flex min-h-11 items-center hover:underline md:min-h-8"
      >
        {name}
      </Link>
    ),
  },
  {
    title: adminTexts.status,
    cell: ({ phase, overdueSince }) => (
      <>
        <Badge status={phase}>{texts.race.phases[phase]}</Badge>
        {overdueSince && <p className="text-xs text-warn-ink">{text.overdue}</p>}
      </>
    ),
  },
  { title: text.starts, cell: ({ startDate }) => <Time at={startDate} /> },
  { title: text.ends, cell: ({ endDate }) => <Time at={endDate} /> },
  { title: text.pool, cell: ({ prizePool }) => prize(prizePool), right: true },
  { title: text.owed, cell: ({ owed }) => money(owed), right: true },
];

export function RaceTable({ label, races }: { label: string; races: readonly RaceOverview[] }) {
  return <DataTable label={label} rows={races} keyOf={({ id }) => id} columns={COLUMNS} />;
}
