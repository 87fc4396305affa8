import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import { PageTitle } from "@/components/layout/page-title";
import { serverClock } from "@/lib/server-clock";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { DraftForm } from "../shared/draft-form";
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
  const send = () => {
    if (race) create.mutate(race);
  };
  const type = (name: RaceField, value: string) => setDraft((held) => ({ ...held, [name]: value }));
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <DraftForm
        act={create}
        isReady={race !== null}
        button={text.create}
        send={send}
        above={like && <p className="text-sm text-muted">{text.termsOf(like.name)}</p>}
      >
        <RaceFields draft={draft} type={type} mayLeaveOut={like === null} />
      </DraftForm>
      <RacePreview draft={draft} />
    </div>
  );
}
