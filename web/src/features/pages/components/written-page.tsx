import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";
import { PageError, PageSkeleton } from "@/components/layout/page-states";
import { PageTitle } from "@/components/layout/page-title";
import { type PageName, pageQuery } from "../api/get-page";

interface WrittenPageProps {
  name: PageName;
  /** Below what is written. */
  children?: ReactNode;
}

/** A page that the operator wrote. */
export function WrittenPage({ name, children }: WrittenPageProps) {
  const { data, error, refetch } = useQuery(pageQuery(name));
  const follow = useInnerLinks();
  if (!data)
    return error ? <PageError error={error} retry={() => void refetch()} /> : <PageSkeleton rows={8} />;
  return (
    <>
      <article lang={data.lang}>
        <PageTitle title={data.title} />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the links inside are what is clicked */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click */}
        <div
          className="written"
          onClick={follow}
          // biome-ignore lint/security/noDangerouslySetInnerHtml: the server made it from Markdown, raw HTML off
          dangerouslySetInnerHTML={{ __html: data.html }}
        />
      </article>
      {children}
    </>
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
