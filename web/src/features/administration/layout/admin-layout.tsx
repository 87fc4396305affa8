import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { PageTitle } from "@/components/layout/page-title";
import { ToastProvider } from "@/components/ui/toast";
import { texts } from "@/texts/en";
import { adminTexts } from "@/texts/en-admin";
import { meQuery } from "../session/me";
import { ProofProvider } from "../session/proof";
import { SignInForm } from "../session/sign-in-form";
import { Loaded } from "../shared/loaded";
import type { Me } from "../shared/types";
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
        <Loaded query={me}>{(who) => (isStaff(who) ? <Staff me={who} /> : <Door me={who} />)}</Loaded>
      </ProofProvider>
    </ToastProvider>
  );
}

function isStaff(me: Me | null): me is Me {
  return me !== null && me.user.role !== "user";
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
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 px-3 py-4 outline-none sm:px-6 sm:py-6">
          <div className="mx-auto max-w-6xl">
            <Outlet />
          </div>
        </main>
      </div>
    </div>
  );
}

/** For whoever is not signed in, or is no administrator. */
function Door({ me }: { me: Me | null }) {
  return (
    <main id="content" tabIndex={-1} className="mx-auto w-full max-w-md px-3 py-10 outline-none">
      <PageTitle title={adminTexts.title} />
      <p className="mb-6 text-muted">
        {me ? adminTexts.session.notStaff(me.user.username) : adminTexts.session.staffOnly}
      </p>
      <SignInForm />
    </main>
  );
}
