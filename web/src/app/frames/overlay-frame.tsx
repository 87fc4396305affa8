import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ApiError } from "@/api/client";
import { ownerQuery } from "@/features/frames/api/get-owner";
import { FrameMessage } from "@/features/frames/components/frame-message";
import { OverlayView } from "@/features/frames/components/overlay-view";
import { texts } from "@/texts";
import type { WhichRace } from "./frame-address";
import { raceRows } from "./rows";
import { useRace } from "./use-race";

/** A race over a stream: the first few places, and where the token's owner stands. */
export function OverlayFrame({ race: which, top, token }: { race: WhichRace; top: number; token: string }) {
  const { race, missing } = useRace(which);
  const owner = useQuery({
    ...ownerQuery({ race: race?.id ?? 0, version: race?.metadata.version ?? 0, token }),
    enabled: race !== undefined,
    placeholderData: keepPreviousData,
  });
  // A token that was good goes on while the server is away; one that was revoked does not.
  const refused = owner.error instanceof ApiError && [401, 403].includes(owner.error.status);
  if (refused) return <FrameMessage>{texts.info.frames.refused}</FrameMessage>;
  if (missing) return <FrameMessage>{texts.info.frames.noRace}</FrameMessage>;
  if (!race || !owner.data) return null;
  return <OverlayView race={race} rows={raceRows(race, top)} owner={owner.data} />;
}
