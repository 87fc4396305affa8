import { PageTitle } from "@/components/layout/page-title";
import { LINK } from "@/components/ui/states";
import { useTopic } from "@/live/live-context";
import { texts } from "@/texts";
import type { ArchiveAddress } from "../archive-address";
import { RACES_TOPIC } from "../live/apply-race-frame";
import { ComingRaces } from "./coming-races";
import { LiveRaces } from "./live-races";
import { RaceArchive } from "./race-archive";

interface RacesPageProps {
  address: ArchiveAddress;
  go: (change: Partial<ArchiveAddress>) => void;
}

/** All races: those that go on, those to come, and those that are over. */
export function RacesPage({ address, go }: RacesPageProps) {
  useTopic(RACES_TOPIC);
  return (
    <>
      <PageTitle title={texts.race.list.title}>
        <a href="/api/wager-races.ics" className={`${LINK} py-2.5 text-sm`}>
          {texts.race.calendar}
        </a>
      </PageTitle>
      <div className="grid min-w-0 gap-8">
        <LiveRaces />
        <ComingRaces />
        <RaceArchive address={address} go={go} />
      </div>
    </>
  );
}
