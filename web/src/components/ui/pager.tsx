import { count } from "@/lib/format";
import { texts } from "@/texts/en";

interface PagerProps {
  page: number;
  pages: number;
  go: (page: number) => void;
}

const STEP =
  "grid size-11 place-items-center rounded-md border border-line text-lg enabled:hover:bg-raised disabled:opacity-40";

/** First, previous, next, last. */
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
    <nav aria-label={texts.pager.label} className="flex items-center justify-center gap-2 p-3">
      {steps.slice(0, 2).map(button)}
      <span className="px-2 text-sm tabular-nums text-muted">
        {texts.pager.of(count(page), count(pages))}
      </span>
      {steps.slice(2).map(button)}
    </nav>
  );
}
