import type { ReactNode } from "react";

interface PanelProps {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  children: ReactNode;
  id: string;
}

/** A section with its heading. */
export function Panel({ title, aside, children, id }: PanelProps) {
  return (
    <section aria-labelledby={id} className="overflow-clip rounded-lg border border-line bg-panel">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 px-4 pt-3 pb-2">
        <h2 id={id} className="font-display text-2xl font-bold">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
