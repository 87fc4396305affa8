import { Link } from "@tanstack/react-router";
import type { Race } from "@/api/types";
import { Panel } from "@/components/ui/panel";
import { LINK } from "@/components/ui/states";
import { dateTime } from "@/lib/format";
import { texts } from "@/texts";

/** What is kept of a settled race, for whoever wants to check it. */
export function RaceResult({ race: { id, metadata } }: { race: Race }) {
  const { result } = metadata;
  if (!result) return null;
  return (
    <Panel id="result" title={texts.race.result.title}>
      <div className="grid gap-2 px-4 pb-4 text-sm">
        <p>{texts.race.result.settled(dateTime(result.settledAt), result.version)}</p>
        <p className="max-w-prose">{texts.race.result.proof}</p>
        <p className="flex flex-wrap gap-x-6">
          <a href={`/api/wager-races/${id}/proof`} className={`${LINK} py-2.5`}>
            {texts.race.proof}
          </a>
          <Link to="/fairness" search={{ race: id }} className={`${LINK} py-2.5`}>
            {texts.info.fairness.checkHere}
          </Link>
          <a href={`/api/wager-races/${id}/standings.csv`} className={`${LINK} py-2.5`}>
            {texts.race.csv}
          </a>
        </p>
        <p className="text-xs text-muted">
          {texts.race.proofHash} <code className="break-all">{result.proofSha256}</code>
        </p>
      </div>
    </Panel>
  );
}
