import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { PlayerPage } from "@/features/players/components/player-page";

export function PlayerRoute() {
  const { id } = useParams({ from: "/players/$id" });
  const { window } = useSearch({ from: "/players/$id" });
  const navigate = useNavigate({ from: "/players/$id" });
  return (
    <PlayerPage
      id={id}
      window={window}
      choose={(next) => void navigate({ search: { window: next }, replace: true, resetScroll: false })}
    />
  );
}
