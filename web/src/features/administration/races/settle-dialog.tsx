import { useState } from "react";
import { api } from "@/api/client";
import { DataTable } from "@/components/ui/data-table";
import { CheckField, TextAreaField } from "@/components/ui/field";
import { count, money } from "@/lib/format";
import { texts } from "@/texts";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { KEYS } from "../shared/keys";
import { ActDialog } from "../shared/reason-dialog";
import type { RaceOverview, RaceSettled } from "../shared/types";

const text = adminTexts.races;

interface SettleWanted {
  dryRun: boolean;
  onLastRun: boolean;
  reason: string | null;
}

/** Shows first what settling would come to, and settles only then. */
export function SettleDialog({ race, close }: { race: RaceOverview; close: () => void }) {
  const [onLastRun, setOnLastRun] = useState(race.overdueSince !== null);
  const [reason, setReason] = useState("");
  const [trial, setTrial] = useState<RaceSettled | null>(null);
  const settle = useAct({
    call: (body: SettleWanted, headers) =>
      api.POST("/api/admin/wager-races/{race_id}/settle", {
        params: { path: { race_id: race.id } },
        body,
        headers,
      }),
    touches: [KEYS.races, KEYS.awards, ["race", race.id]],
    done: (shown, { dryRun }) => (dryRun ? setTrial(shown) : close()),
  });
  const send = (dryRun: boolean) => settle.mutate({ dryRun, onLastRun, reason: onLastRun ? reason : null });
  const change = () => setTrial(null);
  return (
    <ActDialog
      title={text.settle}
      says={trial ? text.settleSays : text.trialSays}
      button={trial ? text.settle : text.trial}
      danger={trial !== null}
      close={close}
      send={() => send(trial === null)}
      act={settle}
    >
      <CheckField
        label={text.onLastRun}
        checked={onLastRun}
        change={(isWanted) => {
          setOnLastRun(isWanted);
          change();
        }}
      />
      {onLastRun && (
        <TextAreaField
          name="reason"
          label={adminTexts.reason}
          hint={text.readByPlayers}
          value={reason}
          change={(typed) => {
            setReason(typed);
            change();
          }}
          maxLength={500}
          required
        />
      )}
      {trial && <Outcome race={trial} />}
    </ActDialog>
  );
}

function Outcome({ race }: { race: RaceSettled }) {
  const winners = race.participants.filter(({ prize }) => prize > 0);
  return (
    <DataTable
      label={text.outcome}
      rows={winners}
      keyOf={({ goatedId }) => goatedId}
      columns={[
        { title: texts.race.player, cell: ({ position, username }) => `${count(position)}. ${username}` },
        { title: texts.race.amount, cell: ({ wagered }) => money(wagered), right: true },
        { title: texts.race.prize, cell: ({ prize }) => money(prize), right: true },
      ]}
    />
  );
}
