import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { RaceList, RaceSummary } from "@/api/types";
import { Pager } from "@/components/ui/pager";
import { PlayerLink } from "@/components/ui/player-link";
import { SearchBox } from "@/components/ui/search-box";
import { EmptyState, ErrorState, QUIET_BUTTON, SkeletonRows } from "@/components/ui/states";
import { date, prize } from "@/lib/format";
import { texts } from "@/texts";
import { archiveQuery } from "../api/get-races";
import { type ArchiveAddress, RACE_TYPES } from "../archive-address";
import { ChoiceOf } from "./choice-of";

const HEAD = "px-3 py-2 font-medium sm:px-4";

interface RaceArchiveProps {
  address: ArchiveAddress;
  go: (change: Partial<ArchiveAddress>) => void;
}

/** The races that are over, newest first, found by their name or their winner's. */
export function RaceArchive({ address, go }: RaceArchiveProps) {
  const { data, error, refetch, isPlaceholderData } = useQuery(archiveQuery(address));
  const { list, types } = texts.race;
  return (
    <section aria-labelledby="past" aria-busy={isPlaceholderData}>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-3">
        <h2 id="past" className="font-display text-3xl font-bold">
          {list.past}
        </h2>
        <div className="flex flex-wrap items-end gap-3 max-sm:w-full">
          <SearchBox label={list.find} search={address.search} find={(search) => go({ search, page: 1 })} />
          <ChoiceOf
            label={list.type}
            value={address.type}
            options={[["all", list.allTypes], ...RACE_TYPES.map((type) => [type, types[type]] as const)]}
            choose={(type) => go({ type, page: 1 })}
          />
          <ChoiceOf
            label={list.status}
            value={address.status}
            options={[
              ["completed", texts.race.phases.completed],
              ["cancelled", texts.race.phases.cancelled],
            ]}
            choose={(status) => go({ status, page: 1 })}
          />
        </div>
      </div>
      {!data &&
        (error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonRows rows={6} />)}
      {data && data.data.length === 0 && <NoRaces address={address} go={go} />}
      {data && data.data.length > 0 && <Races races={data} page={address.page} go={go} />}
    </section>
  );
}

function NoRaces({ address: { search, type }, go }: RaceArchiveProps) {
  const { list } = texts.race;
  if (!search && type === "all") return <EmptyState {...list.nonePast} />;
  return (
    <EmptyState title={list.noHit}>
      <button
        type="button"
        className={QUIET_BUTTON}
        onClick={() => go({ search: "", type: "all", status: "completed", page: 1 })}
      >
        {list.clear}
      </button>
    </EmptyState>
  );
}

interface RacesProps {
  races: RaceList;
  page: number;
  go: (change: Partial<ArchiveAddress>) => void;
}

function Races({ races, page, go }: RacesProps) {
  const { list, pool } = texts.race;
  return (
    <div className="overflow-clip rounded-lg border border-line bg-panel">
      <table aria-labelledby="past" className="w-full text-left tabular-nums">
        <thead className="border-b border-line text-sm text-muted">
          <tr>
            <th scope="col" className={HEAD}>
              {list.name}
            </th>
            <th scope="col" className={`${HEAD} max-sm:hidden`}>
              {list.dates}
            </th>
            <th scope="col" className={`${HEAD} max-sm:hidden`}>
              {list.winner}
            </th>
            <th scope="col" className={`${HEAD} text-right`}>
              {pool}
            </th>
          </tr>
        </thead>
        <tbody>
          {races.data.map((race) => (
            <Row key={race.id} race={race} />
          ))}
        </tbody>
      </table>
      <Pager page={page} pages={races.pagination.pages} go={(to) => go({ page: to })} />
    </div>
  );
}

function Row({ race }: { race: RaceSummary }) {
  const dates = texts.race.from(date(race.startDate), date(race.endDate));
  return (
    <tr className="border-b border-line last:border-0">
      <th scope="row" className="px-3 py-1 font-semibold sm:px-4">
        <Link
          to="/races/$id"
          params={{ id: String(race.id) }}
          className="flex min-h-11 items-center break-words hover:underline"
        >
          {race.name}
        </Link>
        <span className="grid pb-2 text-xs font-normal text-muted sm:hidden">
          {dates}
          <Winners race={race} />
        </span>
      </th>
      <td className="px-3 text-sm text-muted max-sm:hidden sm:px-4">{dates}</td>
      <td className="px-3 text-sm max-sm:hidden sm:px-4">
        <Winners race={race} />
      </td>
      <td className="px-3 text-right font-display text-xl font-bold sm:px-4">{prize(race.prizePool)}</td>
    </tr>
  );
}

function Winners({ race: { winners } }: { race: RaceSummary }) {
  if (winners.length === 0) return <span className="text-muted">{texts.race.list.nobodyWon}</span>;
  return (
    <span className="flex flex-wrap gap-x-3">
      {winners.map((winner) => (
        <PlayerLink key={winner.goatedId} id={winner.goatedId} className="py-1.5 break-all hover:underline">
          <bdi className="font-semibold">{winner.username}</bdi> {winner.prize > 0 && prize(winner.prize)}
        </PlayerLink>
      ))}
    </span>
  );
}
