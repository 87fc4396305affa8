import type { ReactNode } from "react";

interface PanelProps {
  /** 3 where the panel stands under a heading of its own. */
  level?: 2 | 3;
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  children: ReactNode;
  id: string;
}

/** A section with its heading. */
export function Panel({ level = 2, title, aside, children, id }: PanelProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section aria-labelledby={id} className="overflow-clip rounded-lg border border-line bg-panel">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 px-4 pt-3 pb-2">
        <Heading id={id} className="font-display text-2xl font-bold">
          {title}
        </Heading>
        {aside}
      </div>
      {children}
    </section>
  );
}
