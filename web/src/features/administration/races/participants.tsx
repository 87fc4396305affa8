import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Column, DataTable } from "@/components/ui/data-table";
import { TextField } from "@/components/ui/field";
import { Pager } from "@/components/ui/pager";
import { Panel } from "@/components/ui/panel";
import { EmptyState } from "@/components/ui/states";
import { useDebounced } from "@/hooks/use-debounced";
import { count, money, prize } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { Loaded } from "../shared/loaded";
import type { Participant, RaceOverview, WhyExcluded } from "../shared/types";
import { ExclusionAct } from "./exclusion-act";
import { participantsQuery } from "./get-admin-races";

const text = adminTexts.participants;

/** Who takes part in a race, and who is kept out of it and why. */
export function Participants({ race }: { race: RaceOverview }) {
  const [page, setPage] = useState(1);
  const [typed, setTyped] = useState("");
  const search = useDebounced(typed.trim(), 250);
  const found = useQuery(participantsQuery(race.id, { page, search }));
  const columns: Column<Participant>[] = [
    { title: text.player, cell: ({ username }) => <span className="break-all">{username}</span> },
    { title: text.place, cell: ({ position }) => (position === null ? "–" : count(position)), right: true },
    { title: text.wagered, cell: ({ wagered }) => money(wagered), right: true },
    { title: text.prize, cell: (row) => (row.prize > 0 ? prize(row.prize) : "–"), right: true },
    { title: text.excluded, cell: ({ excluded }) => <Reasons reasons={excluded} /> },
    {
      title: adminTexts.acts,
      cell: (row) => (
        <ExclusionAct
          race={race}
          player={{ id: row.playerId, name: row.username }}
          isExcluded={row.excluded.some(({ kind }) => kind === "manual")}
        />
      ),
    },
  ];
  return (
    <Panel id="participants" title={text.title}>
      <div className="grid gap-2 px-4 pb-3 sm:max-w-xs">
        <TextField
          name="participant"
          type="search"
          label={text.search}
          value={typed}
          change={(value) => {
            setTyped(value);
            setPage(1);
          }}
          maxLength={64}
        />
      </div>
      <Loaded query={found}>
        {({ data, keptOut, pagination }) => (
          <>
            {data.length === 0 ? (
              <EmptyState title={text.none} />
            ) : (
              <DataTable
                label={text.title}
                rows={data}
                keyOf={({ playerId }) => playerId}
                columns={columns}
              />
            )}
            <Pager page={pagination.page} pages={pagination.pages} go={setPage} />
            {keptOut.length > 0 && (
              <div className="border-t border-line pt-3">
                <h3 className="px-4 pb-2 font-semibold">{text.keptOut}</h3>
                <DataTable
                  label={text.keptOut}
                  rows={keptOut}
                  keyOf={({ playerId }) => playerId}
                  columns={[
                    { title: text.player, cell: ({ username }) => username },
                    { title: text.excluded, cell: ({ excluded }) => <Reasons reasons={excluded} /> },
                    {
                      title: adminTexts.acts,
                      cell: (row) => (
                        <ExclusionAct
                          race={race}
                          player={{ id: row.playerId, name: row.username }}
                          isExcluded={row.excluded.some(({ kind }) => kind === "manual")}
                        />
                      ),
                    },
                  ]}
                />
              </div>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Reasons({ reasons }: { reasons: readonly WhyExcluded[] }) {
  if (reasons.length === 0) return <>–</>;
  return (
    <ul className="grid gap-1">
      {reasons.map(({ kind, by, reason, fromAllRaces, at }) => (
        <li key={`${kind}${at}`}>
          <span className="font-medium">{text.kinds[kind]}</span>{" "}
          <span className="text-muted">
            {text.because(reason, by)} {fromAllRaces && text.everywhere}
          </span>
        </li>
      ))}
    </ul>
  );
}
