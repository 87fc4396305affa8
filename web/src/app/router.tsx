import {
  createRoute,
  createRouter,
  lazyRouteComponent,
  type SearchSchemaInput,
  stripSearchParams,
} from "@tanstack/react-router";
import { Crash } from "@/components/layout/crash";
import { NotFound } from "@/components/layout/not-found";
import {
  type BoardAddress,
  DEFAULT_ADDRESS,
  readBoardAddress,
  wholeNumber,
} from "@/features/leaderboard/components/board-address";
import { HISTORY_WINDOWS, type HistoryWindow } from "@/lib/windows";
// What most visitors come for is in the first bundle: a page that is fetched after it is painted later.
import { infoRoutes } from "./info-routes";
import { root } from "./root";
import { HomeRoute } from "./routes/home";
import { LeaderboardRoute } from "./routes/leaderboard";
import { RaceRoute } from "./routes/race";

/** An address may leave out what has a default. */
type Typed<Address> = Partial<Address> & SearchSchemaInput;
const readPage = (params: Typed<{ page: number }>) => ({ page: wholeNumber(params.page) ?? 1 });

const home = createRoute({ getParentRoute: () => root, path: "/", component: HomeRoute });

const leaderboard = createRoute({
  getParentRoute: () => root,
  path: "/leaderboard",
  staticData: { description: "leaderboard" },
  validateSearch: (params: Typed<BoardAddress>) => readBoardAddress({ ...params }),
  search: { middlewares: [stripSearchParams(DEFAULT_ADDRESS)] },
  component: LeaderboardRoute,
});

const player = createRoute({
  getParentRoute: () => root,
  path: "/players/$id",
  staticData: { description: "player" },
  validateSearch: (params: Typed<{ window: HistoryWindow }>): { window: HistoryWindow } => ({
    window: HISTORY_WINDOWS.find((window) => window === params.window) ?? "7d",
  }),
  search: { middlewares: [stripSearchParams({ window: "7d" })] },
  component: lazyRouteComponent(() => import("./routes/player"), "PlayerRoute"),
});

const races = createRoute({
  getParentRoute: () => root,
  path: "/races",
  staticData: { description: "races" },
  validateSearch: readPage,
  search: { middlewares: [stripSearchParams({ page: 1 })] },
  component: lazyRouteComponent(() => import("./routes/races"), "RacesRoute"),
});

const race = createRoute({
  getParentRoute: () => root,
  path: "/races/$id",
  staticData: { description: "race" },
  validateSearch: readPage,
  search: { middlewares: [stripSearchParams({ page: 1 })] },
  component: RaceRoute,
});

const routeTree = root.addChildren([home, leaderboard, player, races, race, ...infoRoutes]);

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
