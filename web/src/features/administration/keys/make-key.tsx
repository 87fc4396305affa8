import { useState } from "react";
import { api } from "@/api/client";
import { Dialog } from "@/components/ui/dialog";
import { CheckField, TextField } from "@/components/ui/field";
import type { Permission } from "@/session/me";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { useMay } from "../session/use-may";
import { ACT } from "../shared/buttons";
import { KEYS } from "../shared/keys";
import { ActDialog } from "../shared/reason-dialog";

const text = adminTexts.keys;
const SCOPES = Object.keys(text.permissions) as Permission[];

/** Makes a key of one's own; the server wants a fresh proof of who is there. */
export function MakeKey() {
  const [isOpen, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <button type="button" className={ACT} onClick={() => setOpen(true)}>
        {text.make}
      </button>
      {isOpen && <MakeDialog close={() => setOpen(false)} made={setSecret} />}
      {secret && (
        <Dialog title={text.made} close={() => setSecret(null)}>
          <p>{text.shownOnce}</p>
          <code className="rounded-md border border-line bg-page p-3 break-all select-all">{secret}</code>
        </Dialog>
      )}
    </>
  );
}

interface MakeDialogProps {
  close: () => void;
  made: (secret: string) => void;
}

interface KeyWanted {
  name: string;
  scopes: Permission[];
}

function MakeDialog({ close, made }: MakeDialogProps) {
  const may = useMay();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Permission[]>([]);
  const make = useAct({
    call: (body: KeyWanted, headers) => api.POST("/api/users/me/api-keys", { body, headers }),
    touches: [KEYS.keys],
    done: ({ key }) => {
      close();
      made(key);
    },
  });
  const toggle = (scope: Permission, isWanted: boolean) =>
    setScopes((held) => (isWanted ? [...held, scope] : held.filter((each) => each !== scope)));
  return (
    <ActDialog
      title={text.make}
      says={text.makeSays}
      button={text.make}
      close={close}
      send={() => make.mutate({ name, scopes })}
      act={make}
    >
      <TextField name="name" label={text.name} value={name} change={setName} maxLength={64} required />
      <fieldset>
        <legend className="text-sm font-medium">{text.scopes}</legend>
        <div className="grid sm:grid-cols-2">
          {SCOPES.filter(may).map((scope) => (
            <CheckField
              key={scope}
              label={text.permissions[scope]}
              checked={scopes.includes(scope)}
              change={(isWanted) => toggle(scope, isWanted)}
            />
          ))}
        </div>
      </fieldset>
    </ActDialog>
  );
}
