import { useState } from "react";
import { api } from "@/api/client";
import { CheckField, TextField } from "@/components/ui/field";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { KEYS } from "../shared/keys";
import { ReasonDialog } from "../shared/reason-dialog";
import { type ActProps, pathOf } from "./account-dialogs";

const text = adminTexts.users;

export function Ban({ member, close }: ActProps) {
  const ban = useAct({
    call: (body: { reason: string }, headers) =>
      api.POST("/api/admin/users/{user_id}/ban", { params: pathOf(member), body, headers }),
    touches: [KEYS.users, KEYS.races],
    said: text.said.ban(member.username),
    done: close,
  });
  return (
    <ReasonDialog
      title={text.acts.ban}
      says={text.says.ban(member.username)}
      hint={text.banHint}
      button={text.acts.ban}
      danger
      close={close}
      send={(reason) => ban.mutate({ reason })}
      act={ban}
    />
  );
}

export function Unban({ member, close }: ActProps) {
  const [byMistake, setByMistake] = useState(false);
  const unban = useAct({
    call: (body: { reason: string; byMistake: boolean }, headers) =>
      api.POST("/api/admin/users/{user_id}/unban", { params: pathOf(member), body, headers }),
    touches: [KEYS.users, KEYS.races],
    said: text.said.unban(member.username),
    done: close,
  });
  return (
    <ReasonDialog
      title={text.acts.unban}
      says={text.says.unban(member.username)}
      button={text.acts.unban}
      close={close}
      send={(reason) => unban.mutate({ reason, byMistake })}
      act={unban}
    >
      <CheckField label={text.byMistake} checked={byMistake} change={setByMistake} />
    </ReasonDialog>
  );
}

export function RemoveSecondFactor({ member, close }: ActProps) {
  const remove = useAct({
    call: (body: { reason: string }, headers) =>
      api.POST("/api/admin/users/{user_id}/remove-second-factor", { params: pathOf(member), body, headers }),
    touches: [KEYS.users],
    said: text.said.secondFactor(member.username),
    done: close,
  });
  return (
    <ReasonDialog
      title={text.acts.secondFactor}
      says={text.says.secondFactor(member.username)}
      button={text.acts.secondFactor}
      danger
      close={close}
      send={(reason) => remove.mutate({ reason })}
      act={remove}
    />
  );
}

export function Unlink({ member, close }: ActProps) {
  const unlink = useAct({
    call: (body: { reason: string }, headers) =>
      api.POST("/api/admin/users/{user_id}/unlink", { params: pathOf(member), body, headers }),
    touches: [KEYS.users, KEYS.links],
    said: text.said.unlink(member.username),
    done: close,
  });
  return (
    <ReasonDialog
      title={text.acts.unlink}
      says={text.says.unlink(member.username, member.goatedUsername ?? "")}
      button={text.acts.unlink}
      danger
      close={close}
      send={(reason) => unlink.mutate({ reason })}
      act={unlink}
    />
  );
}

/** What can not be undone asks for the name to be typed. */
export function Erase({ member, close }: ActProps) {
  const [typed, setTyped] = useState("");
  const erase = useAct({
    call: (body: { reason: string }, headers) =>
      api.DELETE("/api/admin/users/{user_id}", { params: pathOf(member), body, headers }),
    touches: [KEYS.users],
    said: text.said.erase(member.username),
    done: close,
  });
  return (
    <ReasonDialog
      title={text.acts.erase}
      says={text.says.erase(member.username)}
      button={text.acts.erase}
      danger
      close={close}
      send={(reason) => typed === member.username && erase.mutate({ reason })}
      act={erase}
    >
      <TextField
        name="typed"
        label={text.typeName(member.username)}
        value={typed}
        change={setTyped}
        pattern={exactly(member.username)}
        required
      />
    </ReasonDialog>
  );
}

/** A name as a pattern; of what names hold, the dot and the hyphen mean something there. */
function exactly(name: string): string {
  return name.replace(/[.-]/g, "\\$&");
}
