import type { FormEvent, ReactNode } from "react";
import { Wrong } from "@/components/ui/labelled";
import { texts } from "@/texts";
import { adminTexts } from "@/texts/en/admin";
import { ACT, QUIET } from "./buttons";
import { FormFailure, fieldsOf } from "./form-failure";

interface DraftFormProps {
  act: { isPending: boolean; error: Error | null };
  /** Whether what is typed can be sent. */
  isReady: boolean;
  button: string;
  send: () => void;
  /** Only what is edited can be kept as it was. */
  close?: () => void;
  /** What stands above the fields; it may say why the last try failed. */
  above?: ReactNode;
  saysFailure?: boolean;
  children: ReactNode;
}

/** A form of many fields whose draft is held outside of it. */
export function DraftForm({
  act,
  isReady,
  button,
  send,
  close,
  above,
  saysFailure = true,
  children,
}: DraftFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  return (
    <form onSubmit={submit} className="grid gap-4 rounded-lg border border-line bg-panel p-4">
      {above}
      <Wrong value={fieldsOf(act.error)}>{children}</Wrong>
      {saysFailure && <FormFailure error={act.error} />}
      <div className="flex flex-wrap gap-3">
        <button type="submit" disabled={act.isPending || !isReady} className={ACT}>
          {act.isPending ? texts.loading : button}
        </button>
        {close && (
          <button type="button" onClick={close} className={QUIET}>
            {adminTexts.keep}
          </button>
        )}
      </div>
    </form>
  );
}
