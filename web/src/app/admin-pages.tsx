import { useParams, useSearch } from "@tanstack/react-router";
import { NotFound } from "@/components/layout/not-found";
import { QuarantinedPage } from "@/features/administration/quarantine/quarantined-page";
import { NewRacePage } from "@/features/administration/races/new-race-page";
import { RacePage } from "@/features/administration/races/race-page";
import { SeriesPage } from "@/features/administration/series/series-page";
import { UserPage } from "@/features/administration/users/user-page";

export { AuditPage } from "@/features/administration/audit/audit-page";
export { AwardsPage } from "@/features/administration/awards/awards-page";
export { KeysPage } from "@/features/administration/keys/keys-page";
export { LinksPage } from "@/features/administration/links/links-page";
export { RequestsPage } from "@/features/administration/logs/requests-page";
export { StepsPage } from "@/features/administration/logs/steps-page";
export { SyncsPage } from "@/features/administration/logs/syncs-page";
export { OverviewPage } from "@/features/administration/overview/overview-page";
export { QuarantinePage } from "@/features/administration/quarantine/quarantine-page";
export { RacesPage } from "@/features/administration/races/races-page";
export { NewSeriesPage } from "@/features/administration/series/new-series-page";
export { SeriesListPage } from "@/features/administration/series/series-list-page";
export { UsersPage } from "@/features/administration/users/users-page";

function useId(
  from: "/admin/races/$id" | "/admin/series/$id" | "/admin/users/$id" | "/admin/quarantine/$id",
) {
  const id = Number(useParams({ from }).id);
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

export function RaceRoute() {
  const id = useId("/admin/races/$id");
  return id === null ? <NotFound /> : <RacePage key={id} id={id} />;
}

export function NewRaceRoute() {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const like = Number(search.like);
  return <NewRacePage like={Number.isSafeInteger(like) && like > 0 ? like : null} />;
}

export function SeriesRoute() {
  const id = useId("/admin/series/$id");
  return id === null ? <NotFound /> : <SeriesPage key={id} id={id} />;
}

export function UserRoute() {
  const id = useId("/admin/users/$id");
  return id === null ? <NotFound /> : <UserPage key={id} id={id} />;
}

export function QuarantinedRoute() {
  const id = useId("/admin/quarantine/$id");
  return id === null ? <NotFound /> : <QuarantinedPage key={id} runId={id} />;
}
