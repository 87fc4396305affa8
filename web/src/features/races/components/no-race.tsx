import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { HiddenTitle } from "@/components/layout/hidden-title";
import { EmptyState, QUIET_BUTTON } from "@/components/ui/states";
import { dateTime } from "@/lib/format";
import { texts } from "@/texts";
import { previousRaceQuery } from "../api/get-race";
import { scheduledRacesQuery } from "../api/get-races";

/** Between races: when the next one starts, and how the last one ended. */
export function NoRace() {
  const next = useQuery(scheduledRacesQuery()).data?.[0];
  const previous = useQuery(previousRaceQuery()).data ?? null;
  return (
    <section className="rounded-lg border border-line bg-panel">
      <HiddenTitle title={texts.nav.home} />
      <EmptyState
        title={texts.race.none.title}
        text={next ? texts.race.nextUp(next.name, dateTime(next.startDate)) : texts.race.none.text}
      >
        {next && (
          <Link to="/races/$id" params={{ id: String(next.id) }} className={QUIET_BUTTON}>
            {texts.race.seeCurrent}
          </Link>
        )}
        {previous !== null && (
          <Link to="/races/$id" params={{ id: String(previous) }} className={QUIET_BUTTON}>
            {texts.race.previous}
          </Link>
        )}
      </EmptyState>
    </section>
  );
}
