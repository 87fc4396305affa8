import { useId } from "react";

interface ChoiceOfProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  choose: (value: Value) => void;
}

/** One of a few, in the browser's own list. */
export function ChoiceOf<Value extends string>({ label, value, options, choose }: ChoiceOfProps<Value>) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-muted">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => choose(event.target.value as Value)}
        className="h-11 rounded-md border border-line bg-panel px-3"
      >
        {options.map(([each, name]) => (
          <option key={each} value={each}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
