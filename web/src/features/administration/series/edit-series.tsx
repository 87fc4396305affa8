import { useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { EditForm } from "../shared/edit-form";
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
  return (
    <EditForm
      form={form}
      names={text.fields}
      body={body}
      save={save}
      close={close}
      above={<p className="text-sm text-muted">{text.editSays}</p>}
    >
      <SeriesFields draft={form.draft} type={form.type} mayLeaveOut={false} />
    </EditForm>
  );
}
