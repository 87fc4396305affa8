import { useNavigate, useSearch } from "@tanstack/react-router";
import { PageTitle } from "@/components/layout/page-title";
import { LINK } from "@/components/ui/states";
import { RaceList } from "@/features/races/components/race-list";
import { texts } from "@/texts/en";

export function RacesRoute() {
  const { page } = useSearch({ from: "/races" });
  const navigate = useNavigate({ from: "/races" });
  return (
    <>
      <PageTitle title={texts.race.list.title}>
        <a href="/api/wager-races.ics" className={`${LINK} text-sm`}>
          {texts.race.calendar}
        </a>
      </PageTitle>
      <RaceList page={page} go={(to) => void navigate({ search: { page: to } })} />
    </>
  );
}
