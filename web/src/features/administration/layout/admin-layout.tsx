import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { NotFound } from "@/components/layout/not-found";
import { SkeletonRows } from "@/components/ui/states";
import { ToastProvider } from "@/components/ui/toast";
import { type Me, meQuery } from "@/session/me";
import { texts } from "@/texts";
import { ProofProvider } from "../session/proof";
import { Loaded } from "../shared/loaded";
import { AdminHeader } from "./admin-header";
import { AdminNavigation } from "./admin-navigation";

/** The administration's frame; whoever may not be here gets no page of it, and the server refuses anyway. */
export function AdminLayout() {
  const me = useQuery(meQuery);
  return (
    <ToastProvider>
      <ProofProvider>
        <a
          href="#content"
          className="absolute -top-20 left-2 z-20 rounded-b-md bg-brand px-4 py-3 font-semibold text-coal focus:top-0"
        >
          {texts.skip}
        </a>
        <Loaded query={me}>
          {(who) => (who === null ? <SignInFirst /> : who.role === "user" ? <NotHis /> : <Staff me={who} />)}
        </Loaded>
      </ProofProvider>
    </ToastProvider>
  );
}

function Staff({ me }: { me: Me }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <AdminHeader me={me} />
      <div className="flex flex-1">
        <aside className="w-56 shrink-0 border-r border-line bg-panel max-lg:hidden">
          <div className="sticky top-0 max-h-dvh overflow-y-auto p-3">
            <AdminNavigation me={me} />
          </div>
        </aside>
        <main
          id="content"
          lang="en"
          tabIndex={-1}
          className="min-w-0 flex-1 px-3 py-4 outline-none sm:px-6 sm:py-6"
        >
          <div className="mx-auto max-w-6xl">
            <Outlet />
          </div>
        </main>
      </div>
    </div>
  );
}

/** The way in, and back to where he wanted to go. */
function SignInFirst() {
  const navigate = useNavigate();
  const { href } = useLocation();
  // Once: this stays mounted while the address is that of the door and its page is still being fetched.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => void navigate({ to: "/sign-in", search: { to: href }, replace: true }), []);
  return <SkeletonRows rows={3} />;
}

/** For whoever is no administrator: there is no such page for him. */
function NotHis() {
  return (
    <main id="content" lang="en" tabIndex={-1} className="mx-auto w-full max-w-7xl px-3 outline-none sm:px-6">
      <NotFound />
    </main>
  );
}
