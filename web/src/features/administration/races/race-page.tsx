import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { PageTitle } from "@/components/layout/page-title";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { LINK } from "@/components/ui/states";
import { money, prize } from "@/lib/format";
import { texts } from "@/texts";
import { adminTexts } from "@/texts/en/admin";
import { Totals } from "../awards/totals";
import { Badge } from "../shared/badge";
import { bothClocks } from "../shared/both-clocks";
import { Facts } from "../shared/facts";
import { Loaded } from "../shared/loaded";
import { linesOf } from "../shared/prize-lines";
import { Time } from "../shared/time";
import type { RaceOverview } from "../shared/types";
import { EditRace } from "./edit-race";
import { adminRaceQuery } from "./get-admin-races";
import { Participants } from "./participants";
import { RaceActs } from "./race-acts";

const text = adminTexts.races;

/** One race as whoever runs it sees it. */
export function RacePage({ id }: { id: number }) {
  const race = useQuery(adminRaceQuery(id));
  const [isEdited, setEdited] = useState(false);
  return (
    <Loaded query={race}>
      {(held) => (
        <>
          <PageTitle title={held.name}>
            <Badge status={held.phase}>{texts.race.phases[held.phase]}</Badge>
          </PageTitle>
          <div className="grid gap-4">
            {held.overdueSince && (
              <Notice>
                {text.overdueLong} <Time at={held.overdueSince} />
              </Notice>
            )}
            {isEdited ? (
              <EditRace race={held} close={() => setEdited(false)} />
            ) : (
              <>
                <RaceActs race={held} edit={() => setEdited(true)} />
                <div className="grid items-start gap-4 lg:grid-cols-2">
                  <Terms race={held} />
                  <Owed race={held} />
                </div>
              </>
            )}
            {held.phase !== "scheduled" && held.phase !== "cancelled" && <Participants race={held} />}
          </div>
        </>
      )}
    </Loaded>
  );
}

function Terms({ race }: { race: RaceOverview }) {
  return (
    <Panel
      id="terms"
      title={text.terms}
      aside={
        <Link to="/races/$id" params={{ id: String(race.id) }} className={`${LINK} py-2 text-sm`}>
          {text.publicPage}
        </Link>
      }
    >
      <Facts
        facts={[
          [text.number, String(race.id)],
          [text.type, text.types[race.type]],
          [text.starts, bothClocks(race.startDate, race.timezone)],
          [text.ends, bothClocks(race.endDate, race.timezone)],
          [text.pool, prize(race.prizePool)],
          [
            text.prizes,
            <span key="prizes" className="whitespace-pre-line">
              {linesOf(race.prizes)}
            </span>,
          ],
          [text.minWager, money(race.minWager)],
          [text.ties, text.tiePolicies[race.tiePolicy]],
          [text.rejections, text.rejectPolicies[race.rejectPolicy]],
          [
            text.series,
            race.seriesId && (
              <Link
                key="series"
                to="/admin/series/$id"
                params={{ id: String(race.seriesId) }}
                className={LINK}
              >
                {text.seriesOf(race.seriesId)}
              </Link>
            ),
          ],
          ...(race.cancelReason ? [[text.cancelReason, race.cancelReason] as const] : []),
          ...(race.settleReason ? [[text.settleReason, race.settleReason] as const] : []),
        ]}
      />
    </Panel>
  );
}

function Owed({ race }: { race: RaceOverview }) {
  return (
    <Panel
      id="owed"
      title={text.owed}
      aside={
        <Link to="/admin/awards" search={{ race: String(race.id) }} className={`${LINK} py-2 text-sm`}>
          {adminTexts.awards.all}
        </Link>
      }
    >
      <div className="grid gap-3 px-4 pb-4">
        <p className="font-display text-3xl font-bold tabular-nums">{money(race.owed)}</p>
        {race.settledAt ? (
          <>
            <p className="text-sm text-muted">
              {text.settledAt(race.resultVersion)} <Time at={race.settledAt} />
            </p>
            <Totals totals={race.awards} />
          </>
        ) : (
          <p className="text-sm text-muted">{text.notSettled}</p>
        )}
      </div>
    </Panel>
  );
}
