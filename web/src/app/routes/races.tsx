import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ArchiveAddress } from "@/features/races/archive-address";
import { RacesPage } from "@/features/races/components/races-page";

export function RacesRoute() {
  const address = useSearch({ from: "/races" });
  const navigate = useNavigate({ from: "/races" });
  const go = (change: Partial<ArchiveAddress>) =>
    void navigate({ search: { ...address, ...change }, replace: "search" in change, resetScroll: false });
  return <RacesPage address={address} go={go} />;
}
