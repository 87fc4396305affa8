import { useEffect, useState } from "react";
import { TextField } from "@/components/ui/field";
import { useDebounced } from "@/hooks/use-debounced";
import { adminTexts } from "@/texts/en/admin";

interface TypedFilterProps {
  name: string;
  label: string;
  hint?: string;
  value: string | undefined;
  set: (value: string) => void;
  numeric?: boolean;
}

/** A filter that is applied once the typing stops. */
export function TypedFilter({ name, label, hint, value = "", set, numeric }: TypedFilterProps) {
  const [typed, setTyped] = useState(value);
  const settled = useDebounced(typed.trim(), 300);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed narrows the list
  useEffect(() => {
    if (settled !== value) set(settled);
  }, [settled]);
  return (
    <TextField
      name={name}
      label={label}
      {...(hint && { hint })}
      {...(numeric && { inputMode: "numeric" as const })}
      value={typed}
      change={(next) => setTyped(numeric ? next.replace(/\D/g, "") : next)}
    />
  );
}

interface SpanProps {
  from: string | undefined;
  to: string | undefined;
  set: (change: { from?: string; to?: string }) => void;
}

/** From when to when, in the reader's own time. */
export function Span({ from = "", to = "", set }: SpanProps) {
  return (
    <>
      <TextField
        name="from"
        type="datetime-local"
        label={adminTexts.logs.from}
        value={from}
        change={(value) => set({ from: value })}
      />
      <TextField
        name="to"
        type="datetime-local"
        label={adminTexts.logs.to}
        value={to}
        change={(value) => set({ to: value })}
      />
    </>
  );
}
