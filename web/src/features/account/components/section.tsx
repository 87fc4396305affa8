import { type ReactNode, useId } from "react";

/** One part of the settings. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="mb-4 grid break-inside-avoid justify-items-start gap-4 rounded-lg border border-line bg-panel p-4 sm:p-6"
    >
      <h2 id={id} className="font-display text-2xl font-bold">
        {title}
      </h2>
      {children}
    </section>
  );
}
