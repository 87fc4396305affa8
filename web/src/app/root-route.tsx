import { createRootRoute, Outlet, useMatches } from "@tanstack/react-router";
import { Shell } from "@/components/layout/shell";
import { SiteHead } from "@/components/layout/site-head";
import type { texts } from "@/texts";

export const root = createRootRoute({ component: Root });

/** The site's frame; the administration brings its own. */
function Root() {
  // By what is shown, not by the address: that is ahead of it while the next page is fetched.
  const isAdministration = useMatches({
    select: (shown) => shown.some(({ routeId }) => routeId === "/admin"),
  });
  if (isAdministration) return <Outlet />;
  return (
    <Shell>
      <SiteHead />
      <Outlet />
    </Shell>
  );
}

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** What search engines show below the page's title. */
    description?: keyof typeof texts.info.descriptions;
  }
}
