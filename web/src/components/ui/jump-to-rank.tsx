import { type FormEvent, useEffect, useId, useState } from "react";
import { wholeNumber } from "@/lib/addresses";
import { count } from "@/lib/format";
import { texts } from "@/texts";
import { QUIET_BUTTON } from "./states";

interface JumpToRankProps {
  /** The last rank there is; undefined until the board has come. */
  last: number | undefined;
  jump: (rank: number) => void;
}

export function JumpToRank({ last, jump }: JumpToRankProps) {
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState<number>();
  const id = useId();
  // Somebody quick asks before the board has come: he is taken there when it has.
  useEffect(() => {
    if (asked === undefined || last === undefined) return;
    setAsked(undefined);
    if (last > 0) jump(Math.min(asked, last));
  }, [asked, last, jump]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(wholeNumber(typed));
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
          max={last ? last : undefined}
          required
          value={typed}
          placeholder={last ? texts.board.jumpRange(count(last)) : undefined}
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
