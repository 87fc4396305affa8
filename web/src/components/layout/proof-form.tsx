import { useQueryClient } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import { Field, Form, PasswordField, secretOf, textOf } from "@/components/ui/form";
import { signedIn, useMe } from "@/session/me";
import { texts } from "@/texts";

/** Asks whoever is signed in for his password, and the code of whoever has one; `proved` goes on from there. */
export function ProofForm({ proved }: { proved: () => unknown }) {
  const cache = useQueryClient();
  const me = useMe();
  const words = texts.account;
  const send = async (fields: FormData) => {
    const body = {
      login: me?.username ?? "",
      password: secretOf(fields, "password"),
      totp: textOf(fields, "totp") || null,
    };
    signedIn(cache, await read(api.POST("/api/auth/login", { body })));
    await proved();
  };
  return (
    <Form send={send} submit={words.prove.submit}>
      <p>{words.prove.text}</p>
      <input type="text" name="login" value={me?.username} autoComplete="username" readOnly hidden />
      <PasswordField name="password" label={words.signIn.password} autoComplete="current-password" required />
      {me?.totpEnabled && (
        <Field name="totp" label={words.signIn.code} autoComplete="one-time-code" required />
      )}
    </Form>
  );
}
