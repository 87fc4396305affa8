import { createContext, type ReactNode, useContext, useId } from "react";
import type { FieldProblem } from "@/api/client";

/** What the server refused, for the fields of the form around. */
export const FieldProblems = createContext<readonly FieldProblem[]>([]);

const INPUT =
  "min-h-11 w-full rounded-md border border-line bg-page px-3 py-2 aria-invalid:border-fall disabled:opacity-60";

/** What is wrong with a field or with a part of it, in the server's words. */
export function useFieldProblem(name: string): string | null {
  const wrong = useContext(FieldProblems).filter(
    ({ field }) => field === name || field.startsWith(`${name}.`),
  );
  return wrong.length > 0 ? wrong.map(({ message }) => message).join("; ") : null;
}

interface WrapperProps {
  name: string;
  label: string;
  hint?: string | undefined;
  children: (given: {
    id: string;
    name: string;
    className: string;
    "aria-invalid": boolean | undefined;
    "aria-describedby": string | undefined;
  }) => ReactNode;
}

/** A label, its control, a hint, and what is wrong with it. */
export function Field({ name, label, hint, children }: WrapperProps) {
  const id = useId();
  const wrong = useFieldProblem(name);
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        name,
        className: INPUT,
        "aria-invalid": wrong ? true : undefined,
        "aria-describedby": described || undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      )}
      {wrong && (
        <p id={`${id}-wrong`} className="text-sm font-medium text-fall">
          {wrong}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps {
  name: string;
  label: string;
  hint?: string;
  value: string;
  change: (value: string) => void;
  type?: "text" | "password" | "search" | "email" | "number" | "datetime-local";
  required?: boolean;
  disabled?: boolean;
  maxLength?: number;
  inputMode?: "numeric" | "decimal";
  pattern?: string;
  autoComplete?: string;
  list?: string;
}

export function TextField({ name, label, hint, change, type = "text", ...rest }: TextFieldProps) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(given) => (
        <input
          autoComplete="off"
          {...rest}
          {...given}
          type={type}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}

interface SelectFieldProps<Value extends string> {
  name: string;
  label: string;
  hint?: string;
  value: Value;
  options: Readonly<Record<Value, string>>;
  change: (value: Value) => void;
  disabled?: boolean;
}

export function SelectField<Value extends string>({
  name,
  label,
  hint,
  options,
  change,
  ...rest
}: SelectFieldProps<Value>) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(given) => (
        <select {...rest} {...given} onChange={(event) => change(event.target.value as Value)}>
          {Object.entries<string>(options).map(([value, shown]) => (
            <option key={value} value={value}>
              {shown}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface TextAreaFieldProps {
  name: string;
  label: string;
  hint?: string;
  value: string;
  change: (value: string) => void;
  required?: boolean;
  maxLength?: number;
}

export function TextAreaField({ name, label, hint, change, ...rest }: TextAreaFieldProps) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(given) => <textarea rows={3} {...rest} {...given} onChange={(event) => change(event.target.value)} />}
    </Field>
  );
}

/** A box to tick, as large as a finger. */
export function CheckField({
  label,
  checked,
  change,
}: {
  label: string;
  checked: boolean;
  change: (checked: boolean) => void;
}) {
  return (
    <label className="flex min-h-11 items-center gap-3 text-sm">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => change(event.target.checked)}
        className="size-5 accent-brand"
      />
      {label}
    </label>
  );
}
