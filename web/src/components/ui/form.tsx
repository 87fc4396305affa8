import { type FormEvent, type InputHTMLAttributes, type ReactNode, useEffect, useRef, useState } from "react";
import { ApiError } from "@/api/client";
import { texts } from "@/texts";
import { Labelled, Wrong } from "./labelled";
import { BUTTON, DANGER_BUTTON } from "./states";

interface FormProps {
  /** What is done with the fields; what it throws is shown, at the field where the server names one. */
  send: (fields: FormData) => Promise<unknown>;
  submit: string;
  /** Said when it went well, for those who see no other change. */
  done?: string;
  danger?: boolean;
  children?: ReactNode;
}

/** A form that is sent once, says what is wrong where it is wrong, and keeps what was typed. */
export function Form({ send, submit, done, danger = false, children }: FormProps) {
  const [state, setState] = useState<"open" | "sending" | "done">("open");
  const [error, setError] = useState<Error | null>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>("[aria-invalid=true], [role=alert]")?.focus();
  }, [error]);

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (state === "sending") return;
    setState("sending");
    setError(null);
    try {
      await send(new FormData(event.currentTarget));
      setState("done");
    } catch (refusal) {
      setState("open");
      setError(refusal instanceof Error ? refusal : new Error(String(refusal)));
    }
  };

  return (
    <form
      ref={form}
      onSubmit={(event) => void onSubmit(event)}
      className="grid w-full justify-items-start gap-4"
    >
      <Wrong value={error instanceof ApiError ? error.fields : {}}>{children}</Wrong>
      {error && <Refusal error={error} />}
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" aria-disabled={state === "sending"} className={danger ? DANGER_BUTTON : BUTTON}>
          {state === "sending" ? texts.form.sending : submit}
        </button>
        <span role="status" className="text-sm text-muted">
          {state === "done" && done}
        </span>
      </div>
    </form>
  );
}

/** Says why something was not done. */
export function Refusal({ error }: { error: Error }) {
  const answered = error instanceof ApiError && error.status > 0;
  return (
    <p role="alert" tabIndex={-1} className="rounded-md border-l-4 border-fall bg-raised px-3 py-2 text-sm">
      {answered ? error.message : texts.failed.network}
    </p>
  );
}

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  name: string;
  label: string;
  hint?: ReactNode;
}

/** A labelled input with its hint, and what the server finds wrong with it. */
export function Field({ label, hint, ...input }: FieldProps) {
  return (
    <Labelled name={input.name} label={label} hint={hint} narrow>
      {(given) => <input {...input} {...given} />}
    </Labelled>
  );
}

/** A password that can be looked at while it is typed. */
export function PasswordField({ label, hint, ...input }: FieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <Labelled name={input.name} label={label} hint={hint} narrow>
      {(given) => (
        <div className="flex gap-2">
          <input
            {...input}
            {...given}
            type={shown ? "text" : "password"}
            autoCapitalize="none"
            spellCheck={false}
          />
          <button
            type="button"
            aria-pressed={shown}
            aria-label={texts.form.showPassword}
            onClick={() => setShown(!shown)}
            className="min-h-11 rounded-md border border-line px-3 text-sm hover:bg-raised"
          >
            {shown ? texts.form.hide : texts.form.show}
          </button>
        </div>
      )}
    </Labelled>
  );
}

/** Return a field as text, without the blanks around it. */
export function textOf(fields: FormData, name: string): string {
  return String(fields.get(name) ?? "").trim();
}

/** Return a password exactly as it was typed. */
export function secretOf(fields: FormData, name: string): string {
  return String(fields.get(name) ?? "");
}
