import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Panel } from "@/components/ui/panel";
import { EmptyState, LINK } from "@/components/ui/states";
import { texts } from "@/texts";
import { adminTexts } from "@/texts/en/admin";
import { adminRacesQuery } from "../races/get-admin-races";
import { RaceTable } from "../races/race-table";
import { Loaded } from "../shared/loaded";

/** The races that go on now. */
export function CurrentRaces() {
  const races = useQuery(adminRacesQuery({ status: "live" }));
  return (
    <Panel
      id="races"
      title={adminTexts.races.current}
      aside={
        <Link to="/admin/races" className={`${LINK} py-2 text-sm`}>
          {adminTexts.races.all}
        </Link>
      }
    >
      <Loaded query={races} rows={2}>
        {({ data }) =>
          data.length > 0 ? (
            <RaceTable label={adminTexts.races.current} races={data} />
          ) : (
            <EmptyState title={texts.race.none.title} />
          )
        }
      </Loaded>
    </Panel>
  );
}
