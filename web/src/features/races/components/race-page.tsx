import { useQuery } from "@tanstack/react-query";
import { ApiError } from "@/api/client";
import { NotFound } from "@/components/layout/not-found";
import { PageError } from "@/components/layout/page-states";
import { Pager } from "@/components/ui/pager";
import { LINK } from "@/components/ui/states";
import { useTopic } from "@/live/live-context";
import { texts } from "@/texts/en";
import { raceQuery } from "../api/get-race";
import { STANDINGS_PER_PAGE } from "../api/get-standings";
import { raceTopic } from "../live/apply-race-frame";
import { MoreStandings } from "./more-standings";
import { RaceSkeleton } from "./race-skeleton";
import { RaceView } from "./race-view";

interface RacePageProps {
  id: number;
  page: number;
  go: (page: number) => void;
}

/** Any race, with all its standings. */
export function RacePage({ id, page, go }: RacePageProps) {
  const { data: race, error, refetch } = useQuery(raceQuery(id));
  useTopic(race ? raceTopic(id) : null);
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (!race) return error ? <PageError error={error} retry={() => void refetch()} /> : <RaceSkeleton />;
  const pages = Math.ceil(race.metadata.participantCount / STANDINGS_PER_PAGE);
  const pager = <Pager page={page} pages={pages} go={go} />;
  return (
    <div className="grid gap-4">
      <RaceView
        race={race}
        places={page === 1 ? STANDINGS_PER_PAGE : 0}
        aside={<Download id={id} phase={race.metadata.phase} />}
      >
        {page > 1 && <MoreStandings id={id} page={page} />}
        {pager}
      </RaceView>
      {race.metadata.result && <ProofHash sha256={race.metadata.result.proofSha256} />}
    </div>
  );
}

/** What a proof that somebody kept must have. */
function ProofHash({ sha256 }: { sha256: string }) {
  return (
    <p className="text-xs text-muted">
      {texts.race.proofHash} <code className="break-all">{sha256}</code>
    </p>
  );
}

/** The standings and the proof of a settled race, to keep. */
function Download({ id, phase }: { id: number; phase: string }) {
  if (phase !== "completed") return null;
  return (
    <p className="flex flex-wrap gap-x-4 text-sm">
      <a href={`/api/wager-races/${id}/standings.csv`} className={`${LINK} py-1`}>
        {texts.race.csv}
      </a>
      <a href={`/api/wager-races/${id}/proof`} className={`${LINK} py-1`}>
        {texts.race.proof}
      </a>
    </p>
  );
}
