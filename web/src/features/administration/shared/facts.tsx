import type { ReactNode } from "react";

/** What is known of one thing, name by name. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-2 px-4 pb-4 text-sm sm:grid-cols-[max-content_minmax(0,1fr)]">
      {facts.map(([name, value]) => (
        <div key={name} className="sm:contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 font-medium break-words">{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}
