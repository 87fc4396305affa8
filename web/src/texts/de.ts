import { accountTexts } from "./de/account";
import { boardTexts } from "./de/board";
import { infoTexts } from "./de/info";
import { playerTexts } from "./de/player";
import { raceTexts } from "./de/race";
import type { Texts } from "./index";

/** Every sentence of the site, in German. */
export const texts: Texts = {
  account: accountTexts,
  form: {
    sending: "Einen Moment …",
    show: "Zeigen",
    hide: "Verbergen",
    showPassword: "Passwort zeigen",
  },
  user: { signIn: "Anmelden", settings: (name) => `${name}: Einstellungen`, admin: "Verwaltung" },
  site: "GoatedVIPs",
  title: (page) => `${page} · GoatedVIPs`,
  skip: "Zum Inhalt",
  nav: { label: "Hauptmenü", home: "Rennen", leaderboard: "Rangliste", races: "Alle Rennen" },
  footer: "Einsätze, wie der Feed des Affiliates sie meldet. Beträge in US-Dollar.",
  theme: { toDark: "Zum dunklen Design wechseln", toLight: "Zum hellen Design wechseln" },
  ages: {
    now: "gerade eben",
    seconds: (n) => `vor ${n} s`,
    minutes: (n) => `vor ${n} min`,
    hours: (n) => `vor ${n} h`,
    days: (n) => (n === 1 ? "vor 1 Tag" : `vor ${n} Tagen`),
  },
  zones: {
    yours: (when) => `Deine Zeit: ${when}`,
    its: (zone, when) => `${zone}: ${when}`,
  },
  ordinals: { zero: ".", one: ".", two: ".", few: ".", many: ".", other: "." },
  share: {
    share: "Teilen",
    copied: "Der Link ist kopiert.",
    failed: "Dieser Browser lässt uns nicht kopieren. Der Link ist die Adresse oben.",
  },
  pause: {
    pause: "Anhalten",
    resume: "Weiter",
    paused: "Angehalten. Die Zahlen stehen still, bis du weitermachst.",
    behind: "Angehalten. Neuere Zahlen warten.",
  },
  asOf: (age) => `Stand ${age}`,
  noReport: "noch kein Bericht",
  stale: (age) =>
    `Der letzte Bericht kam ${age}. Plätze können sich seither verschoben haben; der nächste Bericht bringt sie auf den Stand.`,
  connection: {
    live: "Live",
    connecting: "Verbinde",
    lost: "Offline",
    banner:
      "Verbindung verloren, neuer Versuch läuft. Bis dahin werden die Zahlen jede halbe Minute geprüft.",
  },
  retry: "Noch einmal",
  loading: "Lädt",
  close: "Schließen",
  more: "Mehr zeigen",
  failed: {
    title: "Das wurde nicht geladen",
    network: "Der Server hat nicht geantwortet. Prüfe deine Verbindung und versuch es noch einmal.",
    reference: (id) => `Kennung: ${id}`,
    crash: "Auf dieser Seite ist etwas zerbrochen. Neu laden hilft meistens.",
    reload: "Seite neu laden",
  },
  notFound: {
    title: "Diese Seite gibt es nicht",
    text: "Vielleicht ist die Adresse vertippt, oder was hier stand, ist fort.",
    home: "Zum laufenden Rennen",
    leaderboard: "Zur Rangliste",
  },
  change: {
    up: (places) => `${places} hinauf`,
    down: (places) => `${places} hinunter`,
  },
  pager: {
    label: "Seiten",
    first: "Erste Seite",
    previous: "Vorige Seite",
    next: "Nächste Seite",
    last: "Letzte Seite",
    page: "Seite",
    of: (pages) => `von ${pages}`,
    go: "Los",
    goToPage: "Zur Seite",
  },
  periods: { today: "Heute", this_week: "Diese Woche", this_month: "Dieser Monat", all_time: "Gesamt" },
  tiers: {
    bronze: "Bronze",
    silver: "Silber",
    gold: "Gold",
    platinum: "Platin",
    diamond: "Diamant",
    master: "Meister",
    legend: "Legende",
  },
  race: raceTexts,
  board: boardTexts,
  player: playerTexts,
  info: infoTexts,
};
