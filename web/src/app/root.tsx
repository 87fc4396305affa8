import { createRootRoute, Outlet } from "@tanstack/react-router";
import { Shell } from "@/components/layout/shell";
import { SiteHead } from "@/components/layout/site-head";
import type { texts } from "@/texts/en";

export const root = createRootRoute({
  component: () => (
    <Shell>
      <SiteHead />
      <Outlet />
    </Shell>
  ),
});

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** What search engines show below the page's title. */
    description?: keyof typeof texts.info.descriptions;
  }
}
