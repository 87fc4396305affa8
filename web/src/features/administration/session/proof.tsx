import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { api, read } from "@/api/client";
import { Dialog } from "@/components/ui/dialog";
import { Field, Form, PasswordField, secretOf, textOf } from "@/components/ui/form";
import { signedIn, useMe } from "@/session/me";
import { texts } from "@/texts";

/** Asks for the password once more; whether it was given. */
type Prove = () => Promise<boolean>;

const ProofContext = createContext<Prove>(async () => false);

export function useProve(): Prove {
  return useContext(ProofContext);
}

/** Lets what is inside ask for the password in a dialog, and go on where it was. */
export function ProofProvider({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const answer = useRef<(proved: boolean) => void>(undefined);
  const prove = useCallback<Prove>(() => {
    answer.current?.(false);
    setOpen(true);
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  }, []);
  const end = (proved: boolean) => {
    setOpen(false);
    answer.current?.(proved);
  };
  return (
    <ProofContext value={prove}>
      {children}
      {isOpen && <ProofDialog end={end} />}
    </ProofContext>
  );
}

const words = texts.account;

function ProofDialog({ end }: { end: (proved: boolean) => void }) {
  const cache = useQueryClient();
  const me = useMe();
  const send = async (fields: FormData) => {
    const body = {
      login: me?.username ?? "",
      password: secretOf(fields, "password"),
      totp: textOf(fields, "totp") || null,
    };
    signedIn(cache, await read(api.POST("/api/auth/login", { body })));
    end(true);
  };
  return (
    <Dialog title={words.signIn.title} close={() => end(false)}>
      <p>{words.prove.text}</p>
      <Form send={send} submit={words.prove.submit}>
        <input type="text" name="login" value={me?.username} autoComplete="username" readOnly hidden />
        <PasswordField
          name="password"
          label={words.signIn.password}
          autoComplete="current-password"
          required
        />
        {me?.totpEnabled && (
          <Field name="totp" label={words.signIn.code} autoComplete="one-time-code" required />
        )}
      </Form>
    </Dialog>
  );
}
