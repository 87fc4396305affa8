import type { ReactNode } from "react";
import { INPUT, useField } from "./form";

interface LabelledProps {
  name: string;
  label: string;
  hint?: string | undefined;
  children: (given: {
    id: string;
    name: string;
    className: string;
    "aria-invalid": boolean;
    "aria-describedby": string | undefined;
  }) => ReactNode;
}

/** A control of any kind with its label, its hint, and what the server finds wrong with it. */
export function Labelled({ name, label, hint, children }: LabelledProps) {
  const { id, describedBy, wrong, below } = useField(name, hint);
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-1">
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      {children({
        id,
        name,
        className: `${INPUT} py-2 disabled:opacity-60`,
        "aria-invalid": wrong,
        "aria-describedby": describedBy,
      })}
      {below}
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
    <Labelled name={name} label={label} hint={hint}>
      {(given) => (
        <input
          autoComplete="off"
          {...rest}
          {...given}
          type={type}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Labelled>
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
    <Labelled name={name} label={label} hint={hint}>
      {(given) => (
        <select {...rest} {...given} onChange={(event) => change(event.target.value as Value)}>
          {Object.entries<string>(options).map(([value, shown]) => (
            <option key={value} value={value}>
              {shown}
            </option>
          ))}
        </select>
      )}
    </Labelled>
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
    <Labelled name={name} label={label} hint={hint}>
      {(given) => <textarea rows={3} {...rest} {...given} onChange={(event) => change(event.target.value)} />}
    </Labelled>
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
