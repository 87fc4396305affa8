import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type SearchSchemaInput,
  stripSearchParams,
} from "@tanstack/react-router";
import { Crash } from "@/components/layout/crash";
import { NotFound } from "@/components/layout/not-found";
import { Shell } from "@/components/layout/shell";
import {
  type BoardAddress,
  DEFAULT_ADDRESS,
  readBoardAddress,
  wholeNumber,
} from "@/features/leaderboard/components/board-address";
import { HISTORY_WINDOWS, type HistoryWindow } from "@/lib/windows";
// What most visitors come for is in the first bundle: a page that is fetched after it is painted later.
import { HomeRoute } from "./routes/home";
import { LeaderboardRoute } from "./routes/leaderboard";
import { RaceRoute } from "./routes/race";

/** An address may leave out what has a default. */
type Typed<Address> = Partial<Address> & SearchSchemaInput;
const readPage = (params: Typed<{ page: number }>) => ({ page: wholeNumber(params.page) ?? 1 });

const root = createRootRoute({
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
});

const home = createRoute({ getParentRoute: () => root, path: "/", component: HomeRoute });

const leaderboard = createRoute({
  getParentRoute: () => root,
  path: "/leaderboard",
  validateSearch: (params: Typed<BoardAddress>) => readBoardAddress({ ...params }),
  search: { middlewares: [stripSearchParams(DEFAULT_ADDRESS)] },
  component: LeaderboardRoute,
});

const player = createRoute({
  getParentRoute: () => root,
  path: "/players/$id",
  validateSearch: (params: Typed<{ window: HistoryWindow }>): { window: HistoryWindow } => ({
    window: HISTORY_WINDOWS.find((window) => window === params.window) ?? "7d",
  }),
  search: { middlewares: [stripSearchParams({ window: "7d" })] },
  component: lazyRouteComponent(() => import("./routes/player"), "PlayerRoute"),
});

const races = createRoute({
  getParentRoute: () => root,
  path: "/races",
  validateSearch: readPage,
  search: { middlewares: [stripSearchParams({ page: 1 })] },
  component: lazyRouteComponent(() => import("./routes/races"), "RacesRoute"),
});

const race = createRoute({
  getParentRoute: () => root,
  path: "/races/$id",
  validateSearch: readPage,
  search: { middlewares: [stripSearchParams({ page: 1 })] },
  component: RaceRoute,
});

const routeTree = root.addChildren([home, leaderboard, player, races, race]);

export function createSiteRouter() {
  return createRouter({
    routeTree,
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: Crash,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createSiteRouter>;
  }
}
