import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { PageTitle } from "@/components/layout/page-title";
import { Field, Form, PasswordField, secretOf, textOf } from "@/components/ui/form";
import { LINK } from "@/components/ui/states";
import { signedIn } from "@/session/me";
import { texts } from "@/texts";
import { login } from "../api/signing-in";

/** Whoever has an account signs in; `go` leads on. The code is asked for only of those who have one. */
export function SignInPage({ go }: { go: () => void }) {
  const cache = useQueryClient();
  const [needsCode, setNeedsCode] = useState(false);
  const send = async (fields: FormData) => {
    const totp = textOf(fields, "totp") || null;
    try {
      signedIn(
        cache,
        await login({ login: textOf(fields, "login"), password: secretOf(fields, "password"), totp }),
      );
    } catch (error) {
      if (error instanceof ApiError && error.code === "totp_required") setNeedsCode(true);
      throw error;
    }
    go();
  };
  const words = texts.account.signIn;
  return (
    <>
      <PageTitle title={words.title} />
      <Form send={send} submit={words.submit}>
        <Field
          name="login"
          label={words.login}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <PasswordField name="password" label={words.password} autoComplete="current-password" required />
        {needsCode && (
          <Field
            name="totp"
            label={words.code}
            hint={words.codeHint}
            autoComplete="one-time-code"
            autoCapitalize="none"
            required
            autoFocus
          />
        )}
      </Form>
      <p className="mt-6 flex flex-wrap gap-x-6 gap-y-3">
        <Link to="/forgot-password" className={LINK}>
          {words.forgot}
        </Link>
        <Link to="/register" className={LINK}>
          {words.register}
        </Link>
      </p>
    </>
  );
}
