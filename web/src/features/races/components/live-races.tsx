import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Race, RaceSummary } from "@/api/types";
import { Counting } from "@/components/ui/counting";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { useServerNow } from "@/hooks/use-server-now";
import { count, countdown, dateTime, money, prize } from "@/lib/format";
import { useTopic } from "@/live/live-context";
import { texts } from "@/texts";
import { raceQuery } from "../api/get-race";
import { liveRacesQuery, scheduledRacesQuery } from "../api/get-races";
import { raceTopic } from "../live/apply-race-frame";
import { PhaseLabel } from "./phase-label";

/** The races of all types that go on now, each with who leads it. */
export function LiveRaces() {
  const { data, error, refetch } = useQuery(liveRacesQuery());
  const next = useQuery(scheduledRacesQuery()).data?.[0];
  return (
    <section aria-labelledby="now">
      <h2 id="now" className="mb-3 font-display text-3xl font-bold">
        {texts.race.list.now}
      </h2>
      {!data &&
        (error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonRows rows={3} />)}
      {data && data.length === 0 && (
        <EmptyState
          title={texts.race.none.title}
          text={next ? texts.race.nextUp(next.name, dateTime(next.startDate)) : texts.race.none.text}
        />
      )}
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {data?.map((race) => (
          <li key={race.id} className="min-w-0">
            <Card summary={race} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Card({ summary }: { summary: RaceSummary }) {
  const race = useQuery(raceQuery(summary.id)).data;
  useTopic(race ? raceTopic(summary.id) : null);
  return (
    <Link
      to="/races/$id"
      params={{ id: String(summary.id) }}
      className="flex h-full flex-col gap-2 rounded-lg border border-line bg-panel p-4 hover:bg-raised"
    >
      <span className="flex flex-wrap items-center justify-between gap-2 text-sm text-muted">
        <PhaseLabel phase={race?.metadata.phase ?? summary.phase} />
        {texts.race.types[summary.type]}
      </span>
      <span className="font-display text-2xl leading-tight font-bold break-words">{summary.name}</span>
      <span className="flex items-end justify-between gap-3">
        <span className="font-display text-4xl leading-none font-bold text-accent tabular-nums">
          {prize(summary.prizePool)}
        </span>
        <Left summary={summary} />
      </span>
      <span className="mt-auto min-h-11 border-t border-line pt-2 text-sm">
        {race && <Leader race={race} />}
      </span>
    </Link>
  );
}

function Leader({ race: { participants, metadata } }: { race: Race }) {
  const leader = participants[0];
  if (!leader) return <span className="text-muted">{texts.race.nobody.title}</span>;
  return (
    <span className="flex flex-wrap justify-between gap-x-3 tabular-nums">
      <span className="min-w-0 truncate">
        {texts.race.list.leads} <bdi className="font-semibold">{leader.username}</bdi>
      </span>
      <Counting value={leader.wagered} format={money} />
      <span className="basis-full text-muted">
        {texts.race.participants(metadata.participantCount, count(metadata.participantCount))}
      </span>
    </span>
  );
}

/** How long it goes on, in its two largest units. */
function Left({ summary }: { summary: RaceSummary }) {
  const now = useServerNow();
  if (now === null || summary.phase !== "live") return null;
  const { days, hours, minutes, seconds } = countdown(Date.parse(summary.endDate) - now);
  const { list } = texts.race;
  const left =
    days > 0
      ? list.daysLeft(days, hours)
      : hours > 0
        ? list.hoursLeft(hours, minutes)
        : list.minutesLeft(minutes, seconds);
  return <span className="text-sm font-semibold tabular-nums">{left}</span>;
}
