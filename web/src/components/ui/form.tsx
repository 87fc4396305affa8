import {
  createContext,
  type FormEvent,
  type InputHTMLAttributes,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { ApiError } from "@/api/client";
import { texts } from "@/texts";
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

/** What the server refused of the form around, by field. */
export const Wrong = createContext<Readonly<Record<string, string>>>({});

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

export const INPUT =
  "min-h-11 w-full rounded-md border border-line bg-panel px-3 text-ink aria-invalid:border-fall aria-invalid:border-2";

/** A labelled input with its hint, and what the server finds wrong with it. */
export function Field({ label, hint, ...input }: FieldProps) {
  const { id, describedBy, wrong, below } = useField(input.name, hint);
  return (
    <div className="grid w-full max-w-md gap-1">
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      <input {...input} id={id} aria-describedby={describedBy} aria-invalid={wrong} className={INPUT} />
      {below}
    </div>
  );
}

/** A password that can be looked at while it is typed. */
export function PasswordField({ label, hint, ...input }: FieldProps) {
  const [shown, setShown] = useState(false);
  const { id, describedBy, wrong, below } = useField(input.name, hint);
  return (
    <div className="grid w-full max-w-md gap-1">
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          {...input}
          id={id}
          type={shown ? "text" : "password"}
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby={describedBy}
          aria-invalid={wrong}
          className={INPUT}
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
      {below}
    </div>
  );
}

/** What a labelled control needs: its id, what describes it, and the hint and the refusal below it. */
export function useField(name: string, hint: ReactNode) {
  const id = useId();
  const message = refusalOf(useContext(Wrong), name);
  const parts = [hint && `${id}-hint`, message && `${id}-wrong`].filter(Boolean).join(" ");
  const below = (
    <>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {message && (
        <p id={`${id}-wrong`} className="text-sm font-semibold text-fall">
          {message}
        </p>
      )}
    </>
  );
  return { id, describedBy: parts || undefined, wrong: message !== undefined, below };
}

/** What is wrong with a field or, as in `prizes.0.percent`, with a part of it. */
function refusalOf(wrong: Readonly<Record<string, string>>, name: string): string | undefined {
  const parts = Object.entries(wrong).filter(([field]) => field === name || field.startsWith(`${name}.`));
  return parts.length > 0 ? parts.map(([, message]) => message).join("; ") : undefined;
}

/** Return a field as text, without the blanks around it. */
export function textOf(fields: FormData, name: string): string {
  return String(fields.get(name) ?? "").trim();
}

/** Return a password exactly as it was typed. */
export function secretOf(fields: FormData, name: string): string {
  return String(fields.get(name) ?? "");
}
