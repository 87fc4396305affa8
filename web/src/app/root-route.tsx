import { createRootRoute, Outlet, useLocation } from "@tanstack/react-router";
import { Shell } from "@/components/layout/shell";

export const root = createRootRoute({ component: Root });

/** The site's frame; the administration brings its own. */
function Root() {
  const isAdministration = useLocation({ select: ({ pathname }) => /^\/admin(\/|$)/.test(pathname) });
  if (isAdministration) return <Outlet />;
  return (
    <Shell>
      <Outlet />
    </Shell>
  );
}
