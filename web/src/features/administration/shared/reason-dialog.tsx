import { type FormEvent, type ReactNode, useState } from "react";
import { Dialog } from "@/components/ui/dialog";
import { TextAreaField } from "@/components/ui/field";
import { Wrong } from "@/components/ui/labelled";
import { texts } from "@/texts";
import { adminTexts } from "@/texts/en/admin";
import { ACT, DANGER, QUIET } from "./buttons";
import { FormFailure, fieldsOf } from "./form-failure";

interface ActDialogProps {
  title: string;
  /** What it will do, before it is done. */
  says: string;
  button: string;
  danger?: boolean;
  close: () => void;
  send: () => void;
  act: { isPending: boolean; error: Error | null };
  children?: ReactNode;
}

/** Says what an act will do, and does it once that is confirmed. */
export function ActDialog({ title, says, button, danger, close, send, act, children }: ActDialogProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={submit} className="grid gap-4">
        <p>{says}</p>
        <Wrong value={fieldsOf(act.error)}>{children}</Wrong>
        <FormFailure error={act.error} />
        <div className="flex flex-wrap gap-3">
          <button type="submit" disabled={act.isPending} className={danger ? DANGER : ACT}>
            {act.isPending ? texts.loading : button}
          </button>
          <button type="button" onClick={close} className={QUIET}>
            {adminTexts.keep}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface ReasonDialogProps extends Omit<ActDialogProps, "send"> {
  send: (reason: string) => void;
  /** Who reads the reason. */
  hint?: string;
}

/** The same for an act that needs a reason. */
export function ReasonDialog({ send, hint = adminTexts.reasonHint, children, ...rest }: ReasonDialogProps) {
  const [reason, setReason] = useState("");
  return (
    <ActDialog {...rest} send={() => send(reason)}>
      {children}
      <TextAreaField
        name="reason"
        label={adminTexts.reason}
        hint={hint}
        value={reason}
        change={setReason}
        maxLength={500}
        required
      />
    </ActDialog>
  );
}
