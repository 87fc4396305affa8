import { PageTitle } from "@/components/layout/page-title";
import { adminTexts } from "@/texts/en/admin";
import { useMay } from "../session/use-may";
import { CurrentRaces } from "./current-races";
import { MoneyOwed } from "./money-owed";
import { SyncHealth } from "./sync-health";
import { WaitingLinks } from "./waiting-links";

/** What needs somebody's eyes today. */
export function OverviewPage() {
  const may = useMay();
  return (
    <>
      <PageTitle title={adminTexts.nav.overview} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        {may("sync:read") && <SyncHealth />}
        {may("awards:read") && <MoneyOwed />}
        {may("links:review") && <WaitingLinks />}
        {may("races:write") && (
          <div className="xl:col-span-2">
            <CurrentRaces />
          </div>
        )}
      </div>
    </>
  );
}
