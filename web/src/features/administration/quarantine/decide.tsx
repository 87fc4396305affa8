import { useState } from "react";
import { api } from "@/api/client";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { DANGER, QUIET } from "../shared/buttons";
import { KEYS } from "../shared/keys";
import { ReasonDialog } from "../shared/reason-dialog";
import type { QuarantinedRun } from "../shared/types";

const text = adminTexts.quarantine;

/** Apply or discard, while neither was done. */
export function Decide({ run }: { run: QuarantinedRun }) {
  const [open, setOpen] = useState<"apply" | "discard" | null>(null);
  const close = () => setOpen(null);
  const status = run.request?.status;
  if (run.decision || status === "waiting" || status === "running") return null;
  return (
    <div className="flex flex-wrap gap-3 px-4 pb-4">
      <button type="button" className={QUIET} onClick={() => setOpen("discard")}>
        {text.discard}
      </button>
      {run.isKept && !run.isOvertaken && (
        <button type="button" className={DANGER} onClick={() => setOpen("apply")}>
          {text.apply}
        </button>
      )}
      {open === "apply" && <Apply run={run} close={close} />}
      {open === "discard" && <Discard run={run} close={close} />}
    </div>
  );
}

interface DecideProps {
  run: QuarantinedRun;
  close: () => void;
}

const pathOf = ({ runId }: QuarantinedRun) => ({ path: { run_id: runId } });

function Apply({ run, close }: DecideProps) {
  const apply = useAct({
    call: (body: { reason: string }, headers) =>
      api.POST("/api/admin/quarantine/{run_id}/apply", { params: pathOf(run), body, headers }),
    touches: [KEYS.quarantine, KEYS.sync],
    said: text.saidApply,
    done: close,
  });
  return (
    <ReasonDialog
      title={text.apply}
      says={text.applySays}
      button={text.apply}
      danger
      close={close}
      send={(reason) => apply.mutate({ reason })}
      act={apply}
    />
  );
}

function Discard({ run, close }: DecideProps) {
  const discard = useAct({
    call: (body: { reason: string }, headers) =>
      api.POST("/api/admin/quarantine/{run_id}/discard", { params: pathOf(run), body, headers }),
    touches: [KEYS.quarantine],
    said: text.saidDiscard,
    done: close,
  });
  return (
    <ReasonDialog
      title={text.discard}
      says={text.discardSays}
      button={text.discard}
      close={close}
      send={(reason) => discard.mutate({ reason })}
      act={discard}
    />
  );
}
