import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { NotFound } from "@/components/layout/not-found";
import { RacePage } from "@/features/races/components/race-page";
import type { RaceAddress } from "@/features/races/race-address";

export function RaceRoute() {
  const id = Number(useParams({ from: "/races/$id" }).id);
  const address = useSearch({ from: "/races/$id" });
  const navigate = useNavigate({ from: "/races/$id" });
  if (!Number.isSafeInteger(id) || id < 1) return <NotFound />;
  const go = (change: Partial<RaceAddress>) => {
    const { rank: _, ...rest } = address;
    // Typing a search should not fill the history with its letters.
    void navigate({ search: { ...rest, ...change }, replace: "search" in change, resetScroll: false });
  };
  return <RacePage key={id} id={id} address={address} go={go} />;
}
