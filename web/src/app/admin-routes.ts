import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { type ComponentType, lazy } from "react";
import { root } from "./root-route";

const admin = createRoute({
  getParentRoute: () => root,
  path: "/admin",
  // What a list is narrowed to; each page reads what it knows, as text.
  validateSearch: (params: Record<string, unknown>): Record<string, unknown> => params,
  component: lazyRouteComponent(() => import("@/features/administration/layout/admin-layout"), "AdminLayout"),
});

type Pages = typeof import("./admin-pages");
type PageName = { [Name in keyof Pages]: Pages[Name] extends ComponentType ? Name : never }[keyof Pages];

/** A page that is fetched when it is rendered: the frame renders none for whoever may not see it. */
function page(name: PageName) {
  return { component: lazy(async () => ({ default: (await import("./admin-pages"))[name] })) };
}

const under = { getParentRoute: () => admin };

export const adminRoute = admin.addChildren([
  createRoute({ ...under, path: "/", ...page("OverviewPage") }),
  createRoute({ ...under, path: "/races", ...page("RacesPage") }),
  createRoute({ ...under, path: "/races/new", ...page("NewRaceRoute") }),
  createRoute({ ...under, path: "/races/$id", ...page("RaceRoute") }),
  createRoute({ ...under, path: "/series", ...page("SeriesListPage") }),
  createRoute({ ...under, path: "/series/new", ...page("NewSeriesPage") }),
  createRoute({ ...under, path: "/series/$id", ...page("SeriesRoute") }),
  createRoute({ ...under, path: "/awards", ...page("AwardsPage") }),
  createRoute({ ...under, path: "/links", ...page("LinksPage") }),
  createRoute({ ...under, path: "/users", ...page("UsersPage") }),
  createRoute({ ...under, path: "/users/$id", ...page("UserRoute") }),
  createRoute({ ...under, path: "/quarantine", ...page("QuarantinePage") }),
  createRoute({ ...under, path: "/quarantine/$id", ...page("QuarantinedRoute") }),
  createRoute({ ...under, path: "/syncs", ...page("SyncsPage") }),
  createRoute({ ...under, path: "/steps", ...page("StepsPage") }),
  createRoute({ ...under, path: "/requests", ...page("RequestsPage") }),
  createRoute({ ...under, path: "/audit", ...page("AuditPage") }),
  createRoute({ ...under, path: "/keys", ...page("KeysPage") }),
]);
