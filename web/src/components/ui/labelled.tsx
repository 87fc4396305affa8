import { createContext, type ReactNode, useContext, useId } from "react";

/** What the server refused of the form around, by field. */
export const Wrong = createContext<Readonly<Record<string, string>>>({});

const INPUT =
  "min-h-11 w-full rounded-md border border-line bg-panel px-3 py-2 text-ink aria-invalid:border-fall aria-invalid:border-2 disabled:opacity-60";

interface LabelledProps {
  name: string;
  label: string;
  hint?: ReactNode;
  /** Not wider than what is typed into it. */
  narrow?: boolean;
  children: (given: {
    id: string;
    name: string;
    className: string;
    "aria-invalid": boolean;
    "aria-describedby": string | undefined;
  }) => ReactNode;
}

/** A control of any kind with its label, its hint, and what the server finds wrong with it. */
export function Labelled({ name, label, hint, narrow = false, children }: LabelledProps) {
  const id = useId();
  const message = refusalOf(useContext(Wrong), name);
  const describedBy = [hint && `${id}-hint`, message && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    <div
      className={`grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-1 ${narrow ? "w-full max-w-md" : ""}`}
    >
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      {children({
        id,
        name,
        className: INPUT,
        "aria-invalid": message !== undefined,
        "aria-describedby": describedBy || undefined,
      })}
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
    </div>
  );
}

/** What is wrong with a field or, as in `prizes.0.percent`, with a part of it. */
function refusalOf(wrong: Readonly<Record<string, string>>, name: string): string | undefined {
  const parts = Object.entries(wrong).filter(([field]) => field === name || field.startsWith(`${name}.`));
  return parts.length > 0 ? parts.map(([, message]) => message).join("; ") : undefined;
}
