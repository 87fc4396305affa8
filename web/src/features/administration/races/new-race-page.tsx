import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { PageTitle } from "@/components/layout/page-title";
import { Wrong } from "@/components/ui/form";
import { serverClock } from "@/lib/server-clock";
import { texts } from "@/texts";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { ACT } from "../shared/buttons";
import { FormFailure, fieldsOf } from "../shared/form-failure";
import { KEYS } from "../shared/keys";
import { Loaded } from "../shared/loaded";
import type { RaceCreate, RaceOverview } from "../shared/types";
import { adminRaceQuery } from "./get-admin-races";
import { newRaceDraft, type RaceField, raceDraftOf, raceOf } from "./race-draft";
import { RaceFields } from "./race-fields";
import { RacePreview } from "./race-preview";

const text = adminTexts.races;

/** A new race, under the terms of another one if one is given. */
export function NewRacePage({ like }: { like: number | null }) {
  return (
    <>
      <PageTitle title={text.create} />
      {like === null ? <NewRace like={null} /> : <Clone like={like} />}
    </>
  );
}

function Clone({ like }: { like: number }) {
  const race = useQuery(adminRaceQuery(like));
  return <Loaded query={race}>{(held) => <NewRace like={held} />}</Loaded>;
}

function NewRace({ like }: { like: RaceOverview | null }) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => {
    const fresh = newRaceDraft(serverClock.now() ?? Date.now());
    if (!like) return fresh;
    const { start, end, type } = fresh;
    return { ...raceDraftOf(like), start, end, type, name: text.copyOf(like.name) };
  });
  const create = useAct({
    call: (body: RaceCreate, headers) =>
      like
        ? api.POST("/api/admin/wager-races/{race_id}/clone", {
            params: { path: { race_id: like.id } },
            body,
            headers,
          })
        : api.POST("/api/admin/wager-races", { body, headers }),
    touches: [KEYS.races, ["races"]],
    said: text.saidCreated(draft.name),
    done: ({ id }) => void navigate({ to: "/admin/races/$id", params: { id: String(id) } }),
  });
  const race = raceOf(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (race) create.mutate(race);
  };
  const type = (name: RaceField, value: string) => setDraft((held) => ({ ...held, [name]: value }));
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <form onSubmit={submit} className="grid gap-4 rounded-lg border border-line bg-panel p-4">
        {like && <p className="text-sm text-muted">{text.termsOf(like.name)}</p>}
        <Wrong value={fieldsOf(create.error)}>
          <RaceFields draft={draft} type={type} mayLeaveOut={like === null} />
        </Wrong>
        <FormFailure error={create.error} />
        <button type="submit" disabled={create.isPending || !race} className={`${ACT} justify-self-start`}>
          {create.isPending ? texts.loading : text.create}
        </button>
      </form>
      <RacePreview draft={draft} />
    </div>
  );
}
