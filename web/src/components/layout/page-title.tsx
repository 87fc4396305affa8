import type { ReactNode } from "react";
import { texts } from "@/texts/en";

/** The page's heading and the browser tab's title, which are the same words. */
export function PageTitle({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
      <title>{texts.title(title)}</title>
      <h1 className="font-display text-4xl leading-none font-bold break-words sm:text-5xl">{title}</h1>
      {children}
    </div>
  );
}
