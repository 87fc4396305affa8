import type { ReactNode } from "react";
import { texts } from "@/texts";

interface PageTitleProps {
  title: string;
  /** Of a title that is not in the site's language. */
  lang?: string;
  children?: ReactNode;
}

/** The page's heading and the browser tab's title, which are the same words. */
export function PageTitle({ title, lang, children }: PageTitleProps) {
  return (
    <div className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
      <title>{texts.title(title)}</title>
      <h1 lang={lang} className="font-display text-4xl leading-none font-bold break-words sm:text-5xl">
        {title}
      </h1>
      {children}
    </div>
  );
}
