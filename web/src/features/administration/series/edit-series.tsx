import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { api } from "@/api/client";
import { Wrong } from "@/components/ui/form";
import { texts } from "@/texts";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { ACT, QUIET } from "../shared/buttons";
import { Conflict } from "../shared/conflict";
import { FormFailure, fieldsOf } from "../shared/form-failure";
import { KEYS } from "../shared/keys";
import type { Series } from "../shared/types";
import { useEdit } from "../shared/use-edit";
import { seriesQuery } from "./get-series";
import { type SeriesCreate, seriesDraftOf, seriesEditOf } from "./series-draft";
import { SeriesFields } from "./series-fields";

const text = adminTexts.series;

interface EditSeriesProps {
  series: Series;
  close: () => void;
}

/** Edits a series and its races to come, held against the version that was seen. */
export function EditSeries({ series, close }: EditSeriesProps) {
  const cache = useQueryClient();
  const form = useEdit({
    thing: series,
    draftOf: seriesDraftOf,
    again: () => cache.fetchQuery({ ...seriesQuery(series.id), staleTime: 0 }),
  });
  const save = useAct({
    call: ({ body, tag }: { body: Partial<SeriesCreate>; tag: string }, headers) =>
      api.PATCH("/api/admin/race-series/{series_id}", {
        params: { path: { series_id: series.id } },
        body,
        headers: { ...headers, "If-Match": tag },
      }),
    touches: [KEYS.series, KEYS.races, ["races"]],
    said: text.saidEdited,
    done: close,
  });
  const body = seriesEditOf(form.draft, form.touched);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body) save.mutate({ body, tag: form.tag }, { onError: (error) => void form.refused(error) });
  };
  return (
    <form onSubmit={submit} className="grid gap-4 rounded-lg border border-line bg-panel p-4">
      <p className="text-sm text-muted">{text.editSays}</p>
      {form.changes.length > 0 && <Conflict changes={form.changes} names={text.fields} take={form.type} />}
      <Wrong value={fieldsOf(save.error)}>
        <SeriesFields draft={form.draft} type={form.type} mayLeaveOut={false} />
      </Wrong>
      {form.changes.length === 0 && <FormFailure error={save.error} />}
      <div className="flex flex-wrap gap-3">
        <button type="submit" disabled={save.isPending || !body || form.touched.length === 0} className={ACT}>
          {save.isPending
            ? texts.loading
            : form.changes.length > 0
              ? adminTexts.conflict.save
              : adminTexts.save}
        </button>
        <button type="button" onClick={close} className={QUIET}>
          {adminTexts.keep}
        </button>
      </div>
    </form>
  );
}
