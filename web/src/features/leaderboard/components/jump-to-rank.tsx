import { type FormEvent, useId, useState } from "react";
import { QUIET_BUTTON } from "@/components/ui/states";
import { count } from "@/lib/format";
import { texts } from "@/texts/en";
import { wholeNumber } from "./board-address";

interface JumpToRankProps {
  /** The last rank there is. */
  last: number;
  jump: (rank: number) => void;
}

export function JumpToRank({ last, jump }: JumpToRankProps) {
  const [typed, setTyped] = useState("");
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const rank = wholeNumber(typed);
    if (rank !== undefined && last > 0) jump(Math.min(rank, last));
  };
  return (
    <form onSubmit={submit} className="flex items-end gap-2">
      <div>
        <label htmlFor={id} className="mb-1 block text-xs font-medium text-muted">
          {texts.board.jump}
        </label>
        <input
          id={id}
          type="number"
          inputMode="numeric"
          min={1}
          max={Math.max(1, last)}
          required
          value={typed}
          placeholder={last > 0 ? texts.board.jumpRange(count(last)) : undefined}
          onChange={(event) => setTyped(event.target.value)}
          className="h-11 w-28 rounded-md border border-line bg-panel px-3 tabular-nums placeholder:text-muted"
        />
      </div>
      <button type="submit" className={QUIET_BUTTON}>
        {texts.board.jumpGo}
      </button>
    </form>
  );
}
