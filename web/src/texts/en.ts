import { accountTexts } from "./en/account";
import { boardTexts } from "./en/board";
import { infoTexts } from "./en/info";
import { playerTexts } from "./en/player";
import { raceTexts } from "./en/race";

/** Every sentence of the site. Numbers, money and dates come in already formatted (see lib/format.ts). */

const ages = {
  now: "just now",
  seconds: (n: number) => `${n} s ago`,
  minutes: (n: number) => `${n} min ago`,
  hours: (n: number) => `${n} h ago`,
  days: (n: number) => (n === 1 ? "1 day ago" : `${n} days ago`),
};

export const texts = {
  account: accountTexts,
  form: {
    sending: "One moment …",
    show: "Show",
    hide: "Hide",
    showPassword: "Show the password",
  },
  user: { signIn: "Sign in", settings: (name: string) => `${name}: settings`, admin: "Administration" },
  site: "GoatedVIPs",
  title: (page: string) => `${page} · GoatedVIPs`,
  skip: "Skip to the content",
  nav: { label: "Main", home: "Race", leaderboard: "Leaderboard", races: "All races" },
  footer: "Wagers as the affiliate feed reports them. Amounts in US dollars.",
  theme: { toDark: "Switch to the dark theme", toLight: "Switch to the light theme" },
  ages,
  zones: {
    yours: (when: string) => `Your time: ${when}`,
    its: (zone: string, when: string) => `${zone}: ${when}`,
  },
  ordinals: { zero: "th", one: "st", two: "nd", few: "rd", many: "th", other: "th" },
  share: {
    share: "Share",
    copied: "The link is copied.",
    failed: "This browser does not let us copy. The address above is the link.",
  },
  pause: {
    pause: "Pause",
    resume: "Go on",
    paused: "Paused. The figures stand still until you go on.",
    behind: "Paused. Newer figures wait.",
  },
  asOf: (age: string) => `as of ${age}`,
  noReport: "no report yet",
  stale: (age: string) =>
    `The last report is from ${age}. Places may have moved since; the next report will bring them up to date.`,
  connection: {
    live: "Live",
    connecting: "Connecting",
    lost: "Offline",
    banner: "Connection lost, reconnecting. Until then the figures are checked every half minute.",
  },
  retry: "Try again",
  loading: "Loading",
  close: "Close",
  more: "Show more",
  failed: {
    title: "This did not load",
    network: "The server did not answer. Check your connection and try again.",
    reference: (id: string) => `Reference: ${id}`,
    crash: "Something on this page broke. Reloading it usually helps.",
    reload: "Reload the page",
  },
  notFound: {
    title: "There is no such page",
    text: "The address may be mistyped, or what stood here is gone.",
    home: "See the current race",
    leaderboard: "Open the leaderboard",
  },
  change: {
    up: (places: string) => `up ${places}`,
    down: (places: string) => `down ${places}`,
  },
  pager: {
    label: "Pages",
    first: "First page",
    previous: "Previous page",
    next: "Next page",
    last: "Last page",
    page: "Page",
    of: (pages: string) => `of ${pages}`,
    go: "Go",
    goToPage: "Go to page",
  },
  periods: { today: "Today", this_week: "This week", this_month: "This month", all_time: "All time" },
  tiers: {
    bronze: "Bronze",
    silver: "Silver",
    gold: "Gold",
    platinum: "Platinum",
    diamond: "Diamond",
    master: "Master",
    legend: "Legend",
  },
  race: raceTexts,
  board: boardTexts,
  player: playerTexts,
  info: infoTexts,
} as const;
