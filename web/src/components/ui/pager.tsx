import { type FormEvent, useEffect, useId, useState } from "react";
import { count } from "@/lib/format";
import { texts } from "@/texts";
import { QUIET_BUTTON } from "./states";

interface PagerProps {
  page: number;
  pages: number;
  go: (page: number) => void;
}

const STEP =
  "grid size-11 place-items-center rounded-md border border-line text-lg enabled:hover:bg-raised disabled:opacity-40";

/** First, previous, next, last, and any. */
export function Pager({ page, pages, go }: PagerProps) {
  if (pages <= 1) return null;
  const steps = [
    { name: texts.pager.first, sign: "«", to: 1 },
    { name: texts.pager.previous, sign: "‹", to: page - 1 },
    { name: texts.pager.next, sign: "›", to: page + 1 },
    { name: texts.pager.last, sign: "»", to: pages },
  ];
  const button = ({ name, sign, to }: (typeof steps)[number]) => (
    <button
      key={name}
      type="button"
      aria-label={name}
      className={STEP}
      disabled={to === page || to < 1 || to > pages}
      onClick={() => go(to)}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
  return (
    <nav aria-label={texts.pager.label} className="flex flex-wrap items-center justify-center gap-2 p-3">
      {steps.map(button)}
      <AnyPage page={page} pages={pages} go={go} />
    </nav>
  );
}

/** The number of the page, to read and to change; on a phone in a row of its own. */
function AnyPage({ page, pages, go }: PagerProps) {
  const [typed, setTyped] = useState(String(page));
  const id = useId();
  useEffect(() => setTyped(String(page)), [page]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The browser lets nothing through but a whole number from the first page to the last.
    if (Number(typed) !== page) go(Number(typed));
  };
  return (
    <form
      onSubmit={submit}
      className="flex items-center justify-center gap-2 text-sm tabular-nums text-muted max-sm:basis-full"
    >
      <label htmlFor={id}>{texts.pager.page}</label>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={1}
        max={pages}
        required
        value={typed}
        aria-describedby={`${id}-of`}
        onChange={(event) => setTyped(event.target.value)}
        className="h-11 w-20 rounded-md border border-line bg-panel px-2 text-center text-ink"
      />
      <span id={`${id}-of`}>{texts.pager.of(count(pages))}</span>
      <button type="submit" aria-label={texts.pager.goToPage} className={QUIET_BUTTON}>
        {texts.pager.go}
      </button>
    </form>
  );
}
