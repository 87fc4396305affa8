import { useState } from "react";
import { api } from "@/api/client";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { DANGER, QUIET } from "../shared/buttons";
import { KEYS } from "../shared/keys";
import { ActDialog } from "../shared/reason-dialog";
import type { Series } from "../shared/types";

const text = adminTexts.series;

/** Lets a series make races again, or no more. */
export function SwitchSeries({ series }: { series: Series }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const act = useAct({
    call: (tag: string, headers) => {
      const given = {
        params: { path: { series_id: series.id } },
        headers: { ...headers, "If-Match": tag },
      };
      return series.enabled
        ? api.POST("/api/admin/race-series/{series_id}/disable", given)
        : api.POST("/api/admin/race-series/{series_id}/enable", given);
    },
    touches: [KEYS.series, KEYS.races, ["races"]],
    said: series.enabled ? text.saidDisabled(series.name) : text.saidEnabled(series.name),
    done: close,
  });
  const title = series.enabled ? text.disable : text.enable;
  return (
    <>
      <button type="button" className={series.enabled ? DANGER : QUIET} onClick={() => setOpen(true)}>
        {title}
      </button>
      {isOpen && (
        <ActDialog
          title={title}
          says={series.enabled ? text.disableSays(series.name) : text.enableSays(series.name)}
          button={title}
          danger={series.enabled}
          close={close}
          send={() => act.mutate(`"${series.version}"`)}
          act={act}
        />
      )}
    </>
  );
}
