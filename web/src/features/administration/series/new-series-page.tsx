import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import { PageTitle } from "@/components/layout/page-title";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { DraftForm } from "../shared/draft-form";
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
  const send = () => {
    if (series) create.mutate(series);
  };
  const type = (name: SeriesField, value: string) => setDraft((held) => ({ ...held, [name]: value }));
  return (
    <>
      <PageTitle title={text.create} />
      <DraftForm
        act={create}
        isReady={series !== null}
        button={text.create}
        send={send}
        above={<p className="text-sm text-muted">{text.createSays}</p>}
      >
        <SeriesFields draft={draft} type={type} mayLeaveOut />
      </DraftForm>
    </>
  );
}
