import { useEffect, useId, useState } from "react";
import { useDebounced } from "@/hooks/use-debounced";
import { MIN_SEARCH } from "@/lib/addresses";
import { texts } from "@/texts";

// Long enough to type the next letter, short enough to feel immediate.
const PAUSE = 250;

interface SearchBoxProps {
  label: string;
  /** What the address says. */
  search: string;
  find: (search: string) => void;
}

/** Searches while one types; a single letter searches nothing. */
export function SearchBox({ label, search, find }: SearchBoxProps) {
  const [typed, setTyped] = useState(search);
  const [known, setKnown] = useState(search);
  const settled = useDebounced(typed, PAUSE).trim();
  const id = useId();
  // The address changed by itself: the back button, a jump, a cleared search.
  if (known !== search) {
    setKnown(search);
    if (typed.trim() !== search) setTyped(search);
  }
  const wanted = settled.length >= MIN_SEARCH ? settled : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed may start a search
  useEffect(() => {
    if (wanted !== search && settled === typed.trim()) find(wanted);
  }, [wanted, settled]);
  return (
    <div className="max-sm:min-w-40 max-sm:flex-1">
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-muted">
        {label}
      </label>
      <input
        id={id}
        type="search"
        value={typed}
        maxLength={64}
        autoComplete="off"
        placeholder={texts.board.searchHint}
        onChange={(event) => setTyped(event.target.value)}
        className="h-11 w-full rounded-md border border-line bg-panel px-3 placeholder:text-muted sm:w-64"
      />
    </div>
  );
}
