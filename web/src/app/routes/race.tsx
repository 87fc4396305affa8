import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { NotFound } from "@/components/layout/not-found";
import { RacePage } from "@/features/races/components/race-page";

export function RaceRoute() {
  const id = Number(useParams({ from: "/races/$id" }).id);
  const { page } = useSearch({ from: "/races/$id" });
  const navigate = useNavigate({ from: "/races/$id" });
  if (!Number.isSafeInteger(id) || id < 1) return <NotFound />;
  return (
    <RacePage id={id} page={page} go={(to) => void navigate({ search: { page: to }, resetScroll: false })} />
  );
}
