import { Link } from "@tanstack/react-router";
import { type Column, DataTable } from "@/components/ui/data-table";
import { count, money } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { useMay } from "../session/use-may";
import { Badge } from "../shared/badge";
import { ACT } from "../shared/buttons";
import type { Award } from "../shared/types";
import { AwardActs } from "./award-acts";

const text = adminTexts.awards;

interface AwardTableProps {
  awards: readonly Award[];
  chosen: readonly number[];
  choose: (ids: readonly number[]) => void;
  approve: () => void;
}

/** Awards, of which those that wait may be chosen and approved together. */
export function AwardTable({ awards, chosen, choose, approve }: AwardTableProps) {
  const may = useMay();
  const pending = awards.filter(({ status }) => status === "pending").map(({ id }) => id);
  const toggle = (id: number) =>
    choose(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  const columns: Column<Award>[] = [
    {
      title: text.winner,
      cell: (award) => (
        <Winner
          award={award}
          isChosen={chosen.includes(award.id)}
          toggle={may("awards:write") ? toggle : null}
        />
      ),
    },
    {
      title: text.race,
      cell: (award) => (
        <Link to="/admin/races/$id" params={{ id: String(award.raceId) }} className="hover:underline">
          {award.race}
        </Link>
      ),
    },
    { title: text.place, cell: ({ position }) => count(position), right: true },
    { title: text.amount, cell: ({ amount }) => <strong>{money(amount)}</strong>, right: true },
    { title: text.status, cell: (award) => <Progress award={award} /> },
    { title: text.acts, cell: (award) => <AwardActs award={award} /> },
  ];
  return (
    <>
      {may("awards:write") && pending.length > 0 && (
        <div className="flex flex-wrap items-center gap-3 p-4">
          <label className="flex min-h-11 items-center gap-3 text-sm">
            <input
              type="checkbox"
              className="size-5 accent-brand"
              checked={pending.every((id) => chosen.includes(id))}
              onChange={({ target }) => choose(target.checked ? pending : [])}
            />
            {text.chooseAll(count(pending.length))}
          </label>
          <button type="button" className={ACT} disabled={chosen.length === 0} onClick={approve}>
            {text.approveChosen(count(chosen.length))}
          </button>
        </div>
      )}
      <DataTable label={text.title} rows={awards} keyOf={({ id }) => id} columns={columns} />
    </>
  );
}

interface WinnerProps {
  award: Award;
  isChosen: boolean;
  toggle: ((id: number) => void) | null;
}

function Winner({ award, isChosen, toggle }: WinnerProps) {
  const name = <span className="break-all">{award.username}</span>;
  if (!toggle || award.status !== "pending") return name;
  return (
    <label className="flex min-h-11 items-center gap-3 md:min-h-6">
      <input
        type="checkbox"
        className="size-5 shrink-0 accent-brand"
        checked={isChosen}
        onChange={() => toggle(award.id)}
      />
      <span className="sr-only">{text.choose}</span>
      {name}
    </label>
  );
}

/** The status, and who brought it there. */
function Progress({ award }: { award: Award }) {
  return (
    <div className="grid gap-0.5">
      <Badge status={award.status}>{adminTexts.statuses[award.status]}</Badge>
      {award.approvedBy && <span className="text-xs text-muted">{text.approvedBy(award.approvedBy)}</span>}
      {award.paidBy && (
        <span className="text-xs text-muted">{text.paidBy(award.paidBy, award.reference ?? "–")}</span>
      )}
      {award.rejectedBy && (
        <span className="text-xs text-muted">{text.rejectedBy(award.rejectedBy, award.reason ?? "–")}</span>
      )}
    </div>
  );
}
