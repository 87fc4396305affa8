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
import type { RaceCreate, RaceOverview } from "../shared/types";
import { useEdit } from "../shared/use-edit";
import { adminRaceQuery } from "./get-admin-races";
import { raceDraftOf, raceEditOf } from "./race-draft";
import { RaceFields } from "./race-fields";
import { RacePreview } from "./race-preview";

const text = adminTexts.races;

interface EditRaceProps {
  race: RaceOverview;
  close: () => void;
}

/** Edits a race that has not begun, held against the version that was seen. */
export function EditRace({ race, close }: EditRaceProps) {
  const cache = useQueryClient();
  const form = useEdit({
    thing: race,
    draftOf: raceDraftOf,
    again: () => cache.fetchQuery({ ...adminRaceQuery(race.id), staleTime: 0 }),
  });
  const save = useAct({
    call: ({ body, tag }: { body: Partial<RaceCreate>; tag: string }, headers) =>
      api.PATCH("/api/admin/wager-races/{race_id}", {
        params: { path: { race_id: race.id } },
        body,
        headers: { ...headers, "If-Match": tag },
      }),
    touches: [KEYS.races, ["races"], ["race", race.id]],
    said: text.saidEdited,
    done: close,
  });
  const body = raceEditOf(form.draft, form.touched);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body) save.mutate({ body, tag: form.tag }, { onError: (error) => void form.refused(error) });
  };
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <form onSubmit={submit} className="grid gap-4 rounded-lg border border-line bg-panel p-4">
        {form.changes.length > 0 && <Conflict changes={form.changes} names={text.fields} take={form.type} />}
        <Wrong value={fieldsOf(save.error)}>
          <RaceFields
            draft={form.draft}
            type={form.type}
            isOfSeries={race.seriesId !== null}
            mayLeaveOut={false}
          />
        </Wrong>
        {form.changes.length === 0 && <FormFailure error={save.error} />}
        <div className="flex flex-wrap gap-3">
          <button
            type="submit"
            disabled={save.isPending || !body || form.touched.length === 0}
            className={ACT}
          >
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
      <RacePreview draft={form.draft} />
    </div>
  );
}
