import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ConnectionBanner } from "@/components/ui/connection";
import { LINK } from "@/components/ui/states";
import { useMe } from "@/session/me";
import { texts } from "@/texts";
import { SiteFooter } from "./site-footer";
import { SiteHeader } from "./site-header";

/** What every page has around it. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="absolute -top-20 left-2 z-20 rounded-b-md bg-brand px-4 py-3 font-semibold text-coal focus:top-0"
      >
        {texts.skip}
      </a>
      <SiteHeader />
      <ConnectionBanner />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-7xl flex-1 px-3 py-4 outline-none sm:px-6 sm:py-6"
      >
        {children}
      </main>
      <ToAdministration />
      <SiteFooter />
    </div>
  );
}

/** On a phone, where the header has no room for it. */
function ToAdministration() {
  const me = useMe();
  if (!me || me.role === "user") return null;
  return (
    <Link to="/admin" className={`${LINK} flex min-h-11 items-center justify-center md:hidden`}>
      {texts.user.admin}
    </Link>
  );
}
