import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { RaceSummary } from "@/api/types";
import { Moment } from "@/components/ui/moment";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { calendarLeaf, prize, span } from "@/lib/format";
import { texts } from "@/texts";
import { scheduledRacesQuery } from "../api/get-races";

/** The races that are set up but not started, as leaves of a calendar. */
export function ComingRaces() {
  const { data, error, refetch } = useQuery(scheduledRacesQuery());
  return (
    <section aria-labelledby="coming">
      <h2 id="coming" className="mb-3 font-display text-3xl font-bold">
        {texts.race.list.coming}
      </h2>
      {!data &&
        (error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonRows rows={3} />)}
      {data && data.length === 0 && <p className="text-muted">{texts.race.list.noneComing}</p>}
      <ol className="grid gap-2 md:grid-cols-2">
        {data?.map((race) => (
          <Leaf key={race.id} race={race} />
        ))}
      </ol>
    </section>
  );
}

function Leaf({ race }: { race: RaceSummary }) {
  const { month, day, weekday } = calendarLeaf(race.startDate);
  const lasts = span(Date.parse(race.endDate) - Date.parse(race.startDate));
  return (
    <li className="flex min-w-0 gap-3 rounded-lg border border-line bg-panel p-3">
      <span
        aria-hidden="true"
        className="grid w-14 shrink-0 content-start justify-items-center overflow-hidden rounded-md border border-line bg-raised text-center"
      >
        <span className="w-full bg-coal text-xs font-semibold text-white uppercase">{month}</span>
        <span className="font-display text-3xl leading-none font-bold tabular-nums">{day}</span>
        <span className="pb-1 text-xs text-muted">{weekday}</span>
      </span>
      <span className="grid min-w-0 flex-1 content-start gap-0.5">
        <Link
          to="/races/$id"
          params={{ id: String(race.id) }}
          className="py-1 font-semibold break-words hover:underline"
        >
          {race.name}
        </Link>
        <span className="text-sm text-muted">
          {texts.race.types[race.type]} · {lasts}
        </span>
        <span className="text-sm">
          <Moment at={race.startDate} zone={race.timezone} />
        </span>
      </span>
      <span className="font-display text-2xl font-bold text-accent tabular-nums">
        {prize(race.prizePool)}
      </span>
    </li>
  );
}
