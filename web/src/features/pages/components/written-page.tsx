import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";
import { PageError, PageSkeleton } from "@/components/layout/page-states";
import { PageTitle } from "@/components/layout/page-title";
import { texts } from "@/texts";
import { type PageName, pageQuery } from "../api/get-page";
import { headings } from "../headings";

interface WrittenPageProps {
  name: PageName;
  /** Before what is written. */
  first?: ReactNode;
  /** Below what is written. */
  children?: ReactNode;
}

/** A page that the operator wrote. */
export function WrittenPage({ name, first, children }: WrittenPageProps) {
  const { data, error, refetch } = useQuery(pageQuery(name));
  const follow = useInnerLinks();
  if (!data)
    return error ? <PageError error={error} retry={() => void refetch()} /> : <PageSkeleton rows={8} />;
  return (
    <div className="grid items-start gap-x-12 lg:grid-cols-[minmax(0,1fr)_16rem]">
      <div>
        <PageTitle title={data.title} lang={data.lang} />
        {first}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the links inside are what is clicked */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click */}
        <div
          lang={data.lang}
          className="written"
          onClick={follow}
          // biome-ignore lint/security/noDangerouslySetInnerHtml: the server made it from Markdown, raw HTML off
          dangerouslySetInnerHTML={{ __html: data.html }}
        />
        {children}
      </div>
      <Contents html={data.html} lang={data.lang} />
    </div>
  );
}

/** The page's headings, beside it where there is room. */
function Contents({ html, lang }: { html: string; lang: string }) {
  const found = headings(html);
  if (found.length < 3) return null;
  return (
    <nav
      aria-label={texts.info.contents}
      className="sticky top-6 mt-2 border-l border-line pl-4 max-lg:hidden"
    >
      <ul lang={lang}>
        {found.map(({ id, title }) => (
          <li key={id}>
            <a href={`#${id}`} className="block py-1.5 text-sm text-muted hover:text-ink">
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Let links within the site lead on without loading it anew. */
function useInnerLinks() {
  const navigate = useNavigate();
  return (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const href = link?.getAttribute("href");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!href?.startsWith("/") || href.startsWith("//") || !plain) return;
    event.preventDefault();
    void navigate({ to: href });
  };
}
