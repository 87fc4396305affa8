import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { ThemeToggle } from "@/components/layout/theme-toggle";
import type { Me } from "@/session/me";
import { adminTexts } from "@/texts/en/admin";
import { AdminNavigation } from "./admin-navigation";
import { SignOut } from "./sign-out";

/** The bar above; on a narrow screen it holds the navigation in a drawer. */
export function AdminHeader({ me }: { me: Me }) {
  return (
    <header className="border-b border-line bg-panel">
      <div className="flex h-14 items-center gap-2 px-3 sm:px-6 lg:px-4">
        <Drawer me={me} />
        <Link to="/admin" className="flex min-h-11 items-center font-display text-2xl font-bold">
          Goated<span className="text-accent">VIPs</span>
          <span className="ml-2 text-muted max-sm:hidden">{adminTexts.title}</span>
        </Link>
        <span className="ml-auto truncate text-sm text-muted max-sm:hidden">
          {me.username}, {adminTexts.roles[me.role]}
        </span>
        <div className="flex items-center max-sm:ml-auto">
          <ThemeToggle />
          <SignOut />
        </div>
      </div>
    </header>
  );
}

function Drawer({ me }: { me: Me }) {
  const drawer = useRef<HTMLDialogElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: it closes when another page is shown
  useEffect(() => drawer.current?.close(), [path]);
  return (
    <>
      <button
        type="button"
        aria-label={adminTexts.menu}
        onClick={() => drawer.current?.showModal()}
        className="grid size-11 place-items-center rounded-md hover:bg-raised lg:hidden"
      >
        <svg viewBox="0 0 24 24" className="size-6 stroke-current stroke-2" aria-hidden="true">
          <path d="M4 6h16M4 12h16M4 18h16" strokeLinecap="round" />
        </svg>
      </button>
      <dialog
        ref={drawer}
        aria-label={adminTexts.menu}
        className="m-0 h-dvh max-h-dvh w-72 max-w-[85vw] border-r border-line bg-panel p-3 text-ink backdrop:bg-black/60 lg:hidden"
      >
        <button
          type="button"
          onClick={() => drawer.current?.close()}
          className="mb-2 min-h-11 w-full rounded-md px-3 text-left text-sm text-muted hover:bg-raised"
        >
          {adminTexts.closeMenu}
        </button>
        <AdminNavigation me={me} />
      </dialog>
    </>
  );
}
