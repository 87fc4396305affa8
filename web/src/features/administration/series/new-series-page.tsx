import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { PageTitle } from "@/components/layout/page-title";
import { Wrong } from "@/components/ui/form";
import { texts } from "@/texts";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { ACT } from "../shared/buttons";
import { FormFailure, fieldsOf } from "../shared/form-failure";
import { KEYS } from "../shared/keys";
import { NEW_SERIES, type SeriesCreate, type SeriesField, seriesOf } from "./series-draft";
import { SeriesFields } from "./series-fields";

const text = adminTexts.series;

export function NewSeriesPage() {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(NEW_SERIES);
  const create = useAct({
    call: (body: SeriesCreate, headers) => api.POST("/api/admin/race-series", { body, headers }),
    touches: [KEYS.series, KEYS.races, ["races"]],
    said: text.saidCreated(draft.name),
    done: ({ id }) => void navigate({ to: "/admin/series/$id", params: { id: String(id) } }),
  });
  const series = seriesOf(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (series) create.mutate(series);
  };
  const type = (name: SeriesField, value: string) => setDraft((held) => ({ ...held, [name]: value }));
  return (
    <>
      <PageTitle title={text.create} />
      <form onSubmit={submit} className="grid gap-4 rounded-lg border border-line bg-panel p-4">
        <p className="text-sm text-muted">{text.createSays}</p>
        <Wrong value={fieldsOf(create.error)}>
          <SeriesFields draft={draft} type={type} mayLeaveOut />
        </Wrong>
        <FormFailure error={create.error} />
        <button type="submit" disabled={create.isPending || !series} className={`${ACT} justify-self-start`}>
          {create.isPending ? texts.loading : text.create}
        </button>
      </form>
    </>
  );
}
