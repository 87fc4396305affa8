import { useMatches, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { texts } from "@/texts";

/** Tells search engines what the page is about, and its one address; the title is the page's own. */
export function SiteHead() {
  const about = useMatches({ select: (matches) => matches.at(-1)?.staticData.description ?? "site" });
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => {
    document
      .querySelector('meta[name="description"]')
      ?.setAttribute("content", texts.info.descriptions[about]);
  }, [about]);
  return <link rel="canonical" href={window.location.origin + path} />;
}
