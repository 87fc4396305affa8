import { useState } from "react";
import { api } from "@/api/client";
import { SelectField } from "@/components/ui/field";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { KEYS } from "../shared/keys";
import { ActDialog } from "../shared/reason-dialog";
import type { MemberDetail, Role } from "../shared/types";

const text = adminTexts.users;

export interface ActProps {
  member: MemberDetail;
  close: () => void;
}

export const pathOf = ({ id }: MemberDetail) => ({ path: { user_id: id } });

export function ChangeRole({ member, close }: ActProps) {
  const [role, setRole] = useState<Role>(member.role);
  const change = useAct({
    call: (body: { role: Role }, headers) =>
      api.POST("/api/admin/users/{user_id}/role", { params: pathOf(member), body, headers }),
    touches: [KEYS.users],
    said: ({ username, role: now }) => text.said.role(username, adminTexts.roles[now]),
    done: close,
  });
  return (
    <ActDialog
      title={text.acts.role}
      says={text.says.role(member.username)}
      button={text.acts.role}
      close={close}
      send={() => change.mutate({ role })}
      act={change}
    >
      <SelectField name="role" label={text.role} value={role} options={adminTexts.roles} change={setRole} />
    </ActDialog>
  );
}

export function Reset({ member, close }: ActProps) {
  const reset = useAct({
    call: (_: undefined, headers) =>
      api.POST("/api/admin/users/{user_id}/password-reset", { params: pathOf(member), headers }),
    touches: [KEYS.users],
    said: text.said.reset(member.username),
    done: close,
  });
  return (
    <ActDialog
      title={text.acts.reset}
      says={text.says.reset(member.email ?? "")}
      button={text.acts.reset}
      close={close}
      send={() => reset.mutate()}
      act={reset}
    />
  );
}

export function SignOutEverywhere({ member, close }: ActProps) {
  const out = useAct({
    call: (_: undefined, headers) =>
      api.POST("/api/admin/users/{user_id}/sign-out", { params: pathOf(member), headers }),
    touches: [KEYS.users],
    said: text.said.signOut(member.username),
    done: close,
  });
  return (
    <ActDialog
      title={text.acts.signOut}
      says={text.says.signOut(member.username)}
      button={text.acts.signOut}
      close={close}
      send={() => out.mutate()}
      act={out}
    />
  );
}
