import { Link } from "@tanstack/react-router";
import type { Me, Permission } from "@/session/me";
import { adminTexts } from "@/texts/en/admin";

const text = adminTexts.nav;
const PAGES = [
  { to: "/admin", name: text.overview, needs: null },
  { to: "/admin/races", name: text.races, needs: "races:write" },
  { to: "/admin/series", name: text.series, needs: "races:write" },
  { to: "/admin/awards", name: text.awards, needs: "awards:read" },
  { to: "/admin/links", name: text.links, needs: "links:review" },
  { to: "/admin/users", name: text.users, needs: "users:read" },
  { to: "/admin/quarantine", name: text.quarantine, needs: "sync:read" },
  { to: "/admin/syncs", name: text.syncs, needs: "logs:read" },
  { to: "/admin/steps", name: text.steps, needs: "logs:read" },
  { to: "/admin/requests", name: text.requests, needs: "logs:read" },
  { to: "/admin/audit", name: text.audit, needs: "audit:read" },
  { to: "/admin/keys", name: text.keys, needs: "keys:write" },
] as const satisfies readonly { to: string; name: string; needs: Permission | null }[];

const LINK =
  "flex min-h-11 items-center rounded-md px-3 text-sm font-medium text-muted hover:bg-raised hover:text-ink data-[status=active]:bg-raised data-[status=active]:text-ink";

/** The pages that somebody may open. */
export function AdminNavigation({ me }: { me: Me }) {
  const pages = PAGES.filter(({ needs }) => needs === null || me.permissions.includes(needs));
  return (
    <nav aria-label={adminTexts.title} className="grid gap-0.5">
      {pages.map(({ to, name }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/admin", includeSearch: false }}
          className={LINK}
        >
          {name}
        </Link>
      ))}
      <Link to="/" className={`${LINK} mt-3 border-t border-line`}>
        {text.site}
      </Link>
    </nav>
  );
}
