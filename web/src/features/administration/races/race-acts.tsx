import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { DANGER, QUIET } from "../shared/buttons";
import { KEYS } from "../shared/keys";
import { ReasonDialog } from "../shared/reason-dialog";
import type { RaceOverview } from "../shared/types";
import { SettleDialog } from "./settle-dialog";

const text = adminTexts.races;

interface RaceActsProps {
  race: RaceOverview;
  edit: () => void;
}

/** What may be done about a race where it stands. */
export function RaceActs({ race, edit }: RaceActsProps) {
  const [open, setOpen] = useState<"cancel" | "settle" | null>(null);
  const close = () => setOpen(null);
  return (
    <div className="flex flex-wrap gap-3">
      {race.phase === "scheduled" && (
        <button type="button" className={QUIET} onClick={edit}>
          {text.edit}
        </button>
      )}
      {race.phase === "settling" && (
        <button type="button" className={QUIET} onClick={() => setOpen("settle")}>
          {text.settle}
        </button>
      )}
      <Link to="/admin/races/new" search={{ like: String(race.id) }} className={QUIET}>
        {text.clone}
      </Link>
      {(race.status === "scheduled" || race.status === "live") && (
        <button type="button" className={DANGER} onClick={() => setOpen("cancel")}>
          {text.cancel}
        </button>
      )}
      {open === "cancel" && <CancelDialog race={race} close={close} />}
      {open === "settle" && <SettleDialog race={race} close={close} />}
    </div>
  );
}

function CancelDialog({ race, close }: { race: RaceOverview; close: () => void }) {
  const cancel = useAct({
    call: (body: { reason: string }, headers) =>
      api.POST("/api/admin/wager-races/{race_id}/cancel", {
        params: { path: { race_id: race.id } },
        body,
        headers,
      }),
    touches: [KEYS.races, ["races"], ["race", race.id]],
    said: text.saidCancelled(race.name),
    done: close,
  });
  return (
    <ReasonDialog
      title={text.cancel}
      says={text.cancelSays(race.name)}
      hint={text.readByPlayers}
      button={text.cancel}
      danger
      close={close}
      send={(reason) => cancel.mutate({ reason })}
      act={cancel}
    />
  );
}
