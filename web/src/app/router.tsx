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
} from "@/features/leaderboard/components/board-address";
import { type ArchiveAddress, DEFAULT_ARCHIVE, readArchiveAddress } from "@/features/races/archive-address";
import { DEFAULT_RACE, type RaceAddress, readRaceAddress } from "@/features/races/race-address";
import { HISTORY_WINDOWS, type HistoryWindow } from "@/lib/windows";
import { adminRoute } from "./admin-routes";
import { infoRoutes } from "./info-routes";
import { root } from "./root-route";
// What most visitors come for is in the first bundle: a page that is fetched after it is painted later.
import { HomeRoute } from "./routes/home";
import { LeaderboardRoute } from "./routes/leaderboard";
import { RaceRoute } from "./routes/race";

/** An address may leave out what has a default. */
type Typed<Address> = Partial<Address> & SearchSchemaInput;

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
  validateSearch: (params: Typed<ArchiveAddress>) => readArchiveAddress({ ...params }),
  search: { middlewares: [stripSearchParams(DEFAULT_ARCHIVE)] },
  component: lazyRouteComponent(() => import("./routes/races"), "RacesRoute"),
});

const race = createRoute({
  getParentRoute: () => root,
  path: "/races/$id",
  staticData: { description: "race" },
  validateSearch: (params: Typed<RaceAddress>) => readRaceAddress({ ...params }),
  search: { middlewares: [stripSearchParams(DEFAULT_RACE)] },
  component: RaceRoute,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  // Only to a page of this site: an address that a stranger made up must not lead away from it.
  validateSearch: (params: Typed<{ to: string }>): { to: string } => ({
    to: typeof params.to === "string" && /^\/(?![/\\])/.test(params.to) ? params.to : "/",
  }),
  search: { middlewares: [stripSearchParams({ to: "/" })] },
  component: lazyRouteComponent(() => import("./routes/account"), "SignInRoute"),
});

const register = createRoute({
  getParentRoute: () => root,
  path: "/register",
  component: lazyRouteComponent(() => import("./routes/account"), "RegisterRoute"),
});

const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: "/verify-email",
  component: lazyRouteComponent(() => import("./routes/account"), "VerifyEmailRoute"),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("./routes/account"), "ForgotPasswordRoute"),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: lazyRouteComponent(() => import("./routes/account"), "ResetPasswordRoute"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("./routes/account"), "SettingsRoute"),
});

const account = [signIn, register, verifyEmail, forgotPassword, resetPassword, settings];
const routeTree = root.addChildren([
  home,
  leaderboard,
  player,
  races,
  race,
  adminRoute,
  ...account,
  ...infoRoutes,
] as const);

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
