import { useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { EditForm } from "../shared/edit-form";
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
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <EditForm form={form} names={text.fields} body={body} save={save} close={close}>
        <RaceFields
          draft={form.draft}
          type={form.type}
          isOfSeries={race.seriesId !== null}
          mayLeaveOut={false}
        />
      </EditForm>
      <RacePreview draft={form.draft} />
    </div>
  );
}
