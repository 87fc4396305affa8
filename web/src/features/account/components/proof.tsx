import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ApiError } from "@/api/client";
import { Field, Form, PasswordField, Refusal, secretOf, textOf } from "@/components/ui/form";
import { type Me, signedIn } from "@/session/me";
import { texts } from "@/texts";
import { login } from "../api/signing-in";

/** Whether the server wants to be shown once more who is there. */
export function wantsProof(error: unknown): boolean {
  return error instanceof ApiError && error.code === "proof_needed";
}

interface ProofProps {
  me: Me;
  /** What was refused for want of a proof, and is done again after it. */
  again: () => Promise<unknown>;
}

/** Asks for the password, and the code of whoever has one, and goes on with what was refused. */
export function Proof({ me, again }: ProofProps) {
  const cache = useQueryClient();
  const words = texts.account;
  const send = async (fields: FormData) => {
    const totp = textOf(fields, "totp") || null;
    signedIn(cache, await login({ login: me.username, password: secretOf(fields, "password"), totp }));
    await again();
  };
  return (
    <Form send={send} submit={words.prove.submit}>
      <p>{words.prove.text}</p>
      <input type="text" name="login" value={me.username} autoComplete="username" readOnly hidden />
      <PasswordField name="password" label={words.signIn.password} autoComplete="current-password" required />
      {me.totpEnabled && (
        <Field name="totp" label={words.signIn.code} autoComplete="one-time-code" required />
      )}
    </Form>
  );
}

/** Return a way to do something, and what to show of it: why it was refused, or the question for a proof. */
export function useProven(me: Me): [(act: () => Promise<unknown>) => Promise<void>, ReactNode] {
  const [refused, setRefused] = useState<{ act: () => Promise<unknown>; error: Error } | null>(null);
  const attempt = async (act: () => Promise<unknown>) => {
    setRefused(null);
    try {
      await act();
    } catch (error) {
      setRefused({ act, error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  if (refused === null) return [attempt, null];
  const again = async () => {
    await refused.act();
    setRefused(null);
  };
  const shown = wantsProof(refused.error) ? (
    <Proof me={me} again={again} />
  ) : (
    <Refusal error={refused.error} />
  );
  return [attempt, shown];
}
