import { createRoute, lazyRouteComponent, type SearchSchemaInput } from "@tanstack/react-router";
import { wholeNumber } from "@/lib/addresses";
import { root } from "./root-route";

/** The pages about the site itself. */

const tiers = createRoute({
  getParentRoute: () => root,
  path: "/tiers",
  staticData: { description: "tiers" },
  component: lazyRouteComponent(() => import("./routes/tiers"), "TiersRoute"),
});

const fairness = createRoute({
  getParentRoute: () => root,
  path: "/fairness",
  validateSearch: (params: { race?: number | undefined } & SearchSchemaInput) => ({
    race: wholeNumber(params.race),
  }),
  staticData: { description: "fairness" },
  component: lazyRouteComponent(() => import("./routes/fairness"), "FairnessRoute"),
});

const written = () => import("./routes/written");

const howItWorks = createRoute({
  getParentRoute: () => root,
  path: "/how-it-works",
  staticData: { description: "how-it-works" },
  component: lazyRouteComponent(written, "HowItWorksRoute"),
});

const rules = createRoute({
  getParentRoute: () => root,
  path: "/rules",
  staticData: { description: "rules" },
  component: lazyRouteComponent(written, "RulesRoute"),
});

const help = createRoute({
  getParentRoute: () => root,
  path: "/help",
  staticData: { description: "help" },
  component: lazyRouteComponent(written, "HelpRoute"),
});

const terms = createRoute({
  getParentRoute: () => root,
  path: "/terms",
  staticData: { description: "terms" },
  component: lazyRouteComponent(written, "TermsRoute"),
});

const privacy = createRoute({
  getParentRoute: () => root,
  path: "/privacy",
  staticData: { description: "privacy" },
  component: lazyRouteComponent(written, "PrivacyRoute"),
});

export const infoRoutes = [tiers, fairness, howItWorks, rules, help, terms, privacy] as const;
