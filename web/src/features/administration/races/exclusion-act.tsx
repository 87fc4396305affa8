import { useState } from "react";
import { api } from "@/api/client";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { QUIET } from "../shared/buttons";
import { KEYS } from "../shared/keys";
import { ReasonDialog } from "../shared/reason-dialog";
import type { RaceOverview } from "../shared/types";

const text = adminTexts.participants;

interface ExclusionActProps {
  race: RaceOverview;
  player: { id: number; name: string };
  isExcluded: boolean;
}

/** Excludes a player from a race, or lets him take part again. */
export function ExclusionAct({ race, player, isExcluded }: ExclusionActProps) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const act = useAct({
    call: (body: { reason: string }, headers) => {
      const given = {
        params: { path: { race_id: race.id, player: String(player.id) } },
        body,
        headers,
      };
      return isExcluded
        ? api.POST("/api/admin/wager-races/{race_id}/participants/{player}/restore", given)
        : api.POST("/api/admin/wager-races/{race_id}/participants/{player}/exclude", given);
    },
    touches: [KEYS.races, KEYS.awards, ["race", race.id]],
    said: isExcluded ? text.saidRestored(player.name) : text.saidExcluded(player.name),
    done: close,
  });
  if (isExcluded && race.phase === "completed") return null;
  const title = isExcluded ? text.restore : text.exclude;
  const settled = race.phase === "completed";
  return (
    <>
      <button type="button" className={QUIET} onClick={() => setOpen(true)}>
        {title}
      </button>
      {isOpen && (
        <ReasonDialog
          title={title}
          says={
            isExcluded
              ? text.restoreSays(player.name, race.name)
              : settled
                ? text.excludeSettledSays(player.name, race.name)
                : text.excludeSays(player.name, race.name)
          }
          button={title}
          danger={!isExcluded}
          close={close}
          send={(reason) => act.mutate({ reason })}
          act={act}
        />
      )}
    </>
  );
}
