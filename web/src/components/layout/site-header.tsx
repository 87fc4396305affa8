import { Link } from "@tanstack/react-router";
import { ConnectionDot } from "@/components/ui/connection";
import { useMe, useOtherTabs } from "@/session/me";
import { texts } from "@/texts";
import { ThemeToggle } from "./theme-toggle";

const NAV_LINK =
  "flex items-center border-y-3 border-transparent px-2 text-sm font-semibold whitespace-nowrap text-muted hover:text-ink sm:px-3 data-[status=active]:border-b-accent data-[status=active]:text-ink";

export function SiteHeader() {
  return (
    <header className="border-b border-line bg-panel">
      <div className="mx-auto flex h-14 max-w-7xl items-center gap-2 px-3 sm:gap-6 sm:px-6">
        <Link to="/" aria-label={texts.site} className="flex items-center gap-2">
          <Mark />
          <span aria-hidden="true" className="font-display text-2xl font-bold max-md:hidden">
            Goated<span className="text-accent">VIPs</span>
          </span>
        </Link>
        <nav aria-label={texts.nav.label} className="flex h-full flex-1 items-stretch sm:gap-1">
          <Link to="/" activeOptions={{ exact: true }} className={NAV_LINK}>
            {texts.nav.home}
          </Link>
          <Link to="/leaderboard" className={NAV_LINK}>
            {texts.nav.leaderboard}
          </Link>
          <Link to="/races" className={NAV_LINK}>
            {texts.nav.races}
          </Link>
        </nav>
        <ConnectionDot />
        <ThemeToggle />
        <Account />
      </div>
    </header>
  );
}

/** Who is signed in, with the way to his settings; or the way in. Nothing while nobody knows. */
function Account() {
  const me = useMe();
  useOtherTabs();
  if (me === undefined) return null;
  if (me === null) {
    return (
      <Link to="/sign-in" className={`${NAV_LINK} h-full max-sm:px-0`}>
        {texts.user.signIn}
      </Link>
    );
  }
  return (
    <>
      {me.role !== "user" && (
        <Link to="/admin" className={`${NAV_LINK} h-full max-md:hidden`}>
          {texts.user.admin}
        </Link>
      )}
      <Link
        to="/settings"
        aria-label={texts.user.settings(me.username)}
        className="grid size-11 shrink-0 place-items-center rounded-full border-2 border-accent bg-raised font-display text-lg font-bold uppercase"
      >
        {[...me.username][0]}
      </Link>
    </>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-8" aria-hidden="true">
      <rect width="32" height="32" rx="7" className="fill-brand" />
      <path d="M6 24h5v-8H6zM13.5 24h5V8h-5zM21 24h5V13h-5z" className="fill-coal" />
    </svg>
  );
}
