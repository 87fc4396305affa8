import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { PageTitle } from "@/components/layout/page-title";
import { DataTable } from "@/components/ui/data-table";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { count, money, prize } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { Badge } from "../shared/badge";
import { bothClocks } from "../shared/both-clocks";
import { QUIET } from "../shared/buttons";
import { Facts } from "../shared/facts";
import { Loaded } from "../shared/loaded";
import { SplitList } from "../shared/split-list";
import type { Series } from "../shared/types";
import { EditSeries } from "./edit-series";
import { seriesPreviewQuery, seriesQuery } from "./get-series";
import { SwitchSeries } from "./switch-series";

const races = adminTexts.races;
const text = adminTexts.series;

/** One series: its rule, and the races that it makes. */
export function SeriesPage({ id }: { id: number }) {
  const series = useQuery(seriesQuery(id));
  const [isEdited, setEdited] = useState(false);
  return (
    <Loaded query={series}>
      {(held) => (
        <>
          <PageTitle title={held.name}>
            <Badge status={held.enabled ? "active" : "off"}>
              {held.enabled ? text.enabled : text.disabled}
            </Badge>
          </PageTitle>
          {isEdited ? (
            <EditSeries series={held} close={() => setEdited(false)} />
          ) : (
            <div className="grid gap-4">
              <div className="flex flex-wrap gap-3">
                <button type="button" className={QUIET} onClick={() => setEdited(true)}>
                  {races.edit}
                </button>
                <SwitchSeries series={held} />
              </div>
              <div className="grid items-start gap-4 lg:grid-cols-2">
                <Rule series={held} />
                <NextRaces id={id} />
              </div>
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

function Rule({ series }: { series: Series }) {
  const weekdays: Record<string, string> = text.weekdays;
  return (
    <Panel id="rule" title={text.rule}>
      <Facts
        facts={[
          [races.type, races.types[series.type]],
          [races.zone, series.timezone],
          [text.startHour, `${String(series.startHour).padStart(2, "0")}:00`],
          ...(series.type === "weekly" ? [[text.weekday, weekdays[series.weekday ?? 1]] as const] : []),
          ...(series.type === "monthly" ? [[text.dayOfMonth, series.dayOfMonth ?? 1] as const] : []),
          [races.pool, prize(series.prizePool)],
          [races.minWager, money(series.minWager)],
          [races.ties, races.tiePolicies[series.tiePolicy]],
          [races.rejections, races.rejectPolicies[series.rejectPolicy]],
        ]}
      />
      <SplitList prizes={series.split} />
    </Panel>
  );
}

function NextRaces({ id }: { id: number }) {
  const preview = useQuery(seriesPreviewQuery(id));
  return (
    <Panel id="next" title={text.nextRaces}>
      <Loaded query={preview}>
        {({ instances, timezone }) => (
          <>
            <div className="grid gap-2 px-4 pb-2">
              {instances.flatMap(({ name, notes }) =>
                notes.map(({ code, text: note }) => (
                  <Notice key={name + code}>
                    {name}: {note}
                  </Notice>
                )),
              )}
            </div>
            <DataTable
              label={text.nextRaces}
              rows={instances}
              keyOf={({ startDate }) => startDate}
              columns={[
                {
                  title: races.race,
                  cell: ({ raceId, name }) =>
                    raceId === null ? (
                      name
                    ) : (
                      <Link
                        to="/admin/races/$id"
                        params={{ id: String(raceId) }}
                        className="flex min-h-11 items-center hover:underline md:min-h-8"
                      >
                        {name}
                      </Link>
                    ),
                },
                {
                  title: races.starts,
                  cell: ({ startDate }) => bothClocks(startDate, timezone),
                },
                { title: races.lasts, cell: ({ hours }) => races.hours(count(hours)), right: true },
              ]}
            />
          </>
        )}
      </Loaded>
    </Panel>
  );
}
