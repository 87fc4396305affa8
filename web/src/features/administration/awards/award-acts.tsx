import { useState } from "react";
import { api } from "@/api/client";
import { TextField } from "@/components/ui/field";
import { money } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { useMay } from "../session/use-may";
import { QUIET } from "../shared/buttons";
import { KEYS } from "../shared/keys";
import { ActDialog, ReasonDialog } from "../shared/reason-dialog";
import type { Award } from "../shared/types";
import { ApproveDialog } from "./approve-dialog";

const text = adminTexts.awards;

/** What may be done about an award where it stands. */
export function AwardActs({ award }: { award: Award }) {
  const [open, setOpen] = useState<"approve" | "pay" | "reject" | null>(null);
  const may = useMay();
  const close = () => setOpen(null);
  if (!may("awards:write") || award.status === "paid" || award.status === "rejected") return null;
  return (
    <div className="flex flex-wrap gap-2">
      {award.status === "pending" ? (
        <button type="button" className={QUIET} onClick={() => setOpen("approve")}>
          {text.approve}
        </button>
      ) : (
        <button type="button" className={QUIET} onClick={() => setOpen("pay")}>
          {text.pay}
        </button>
      )}
      <button type="button" className={QUIET} onClick={() => setOpen("reject")}>
        {text.reject}
      </button>
      {open === "approve" && <ApproveDialog awards={[award]} close={close} />}
      {open === "pay" && <PayDialog award={award} close={close} />}
      {open === "reject" && <RejectDialog award={award} close={close} />}
    </div>
  );
}

interface AwardDialogProps {
  award: Award;
  close: () => void;
}

const pathOf = ({ id }: Award) => ({ path: { award_id: id } });

function PayDialog({ award, close }: AwardDialogProps) {
  const [reference, setReference] = useState("");
  const pay = useAct({
    call: (body: { reference: string }, headers) =>
      api.POST("/api/admin/awards/{award_id}/pay", { params: pathOf(award), body, headers }),
    touches: [KEYS.awards, KEYS.races],
    said: text.saidPaid(award.username, money(award.amount)),
    done: close,
  });
  return (
    <ActDialog
      title={text.payTitle(award.username)}
      says={text.paySays(money(award.amount), award.race)}
      button={text.pay}
      close={close}
      send={() => pay.mutate({ reference })}
      act={pay}
    >
      <TextField
        name="reference"
        label={text.reference}
        hint={text.referenceHint}
        value={reference}
        change={setReference}
        maxLength={200}
        required
      />
    </ActDialog>
  );
}

function RejectDialog({ award, close }: AwardDialogProps) {
  const reject = useAct({
    call: (body: { reason: string }, headers) =>
      api.POST("/api/admin/awards/{award_id}/reject", { params: pathOf(award), body, headers }),
    touches: [KEYS.awards, KEYS.races],
    said: ({ gained }) => text.saidRejected(award.username, gained.length),
    done: close,
  });
  return (
    <ReasonDialog
      title={text.rejectTitle(award.username)}
      says={text.rejectSays(award.username, award.race)}
      hint={text.rejectHint}
      button={text.reject}
      danger
      close={close}
      send={(reason) => reject.mutate({ reason })}
      act={reject}
    />
  );
}
