import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PageTitle } from "@/components/layout/page-title";
import { Field, Form, PasswordField, secretOf, textOf } from "@/components/ui/form";
import { LINK } from "@/components/ui/states";
import { signedIn } from "@/session/me";
import { texts } from "@/texts";
import { register } from "../api/signing-in";

/** Somebody makes an account, and is signed in; `go` leads on. */
export function RegisterPage({ go }: { go: () => void }) {
  const cache = useQueryClient();
  const words = texts.account.register;
  const send = async (fields: FormData) => {
    const answer = await register({
      username: textOf(fields, "username"),
      email: textOf(fields, "email"),
      password: secretOf(fields, "password"),
      birthDate: textOf(fields, "birthDate") || null,
    });
    signedIn(cache, answer);
    go();
  };
  return (
    <>
      <PageTitle title={words.title} />
      <Form send={send} submit={words.submit}>
        <Field
          name="username"
          label={words.username}
          hint={words.usernameHint}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <Field
          name="email"
          type="email"
          label={words.email}
          hint={words.emailHint}
          autoComplete="email"
          required
        />
        <PasswordField
          name="password"
          label={words.password}
          hint={words.passwordHint}
          autoComplete="new-password"
          minLength={8}
          required
        />
        <Field
          name="birthDate"
          type="date"
          label={words.birthDate}
          hint={words.birthDateHint}
          autoComplete="bday"
          required
        />
      </Form>
      <p className="mt-6">
        <Link to="/sign-in" className={LINK}>
          {words.haveOne}
        </Link>
      </p>
    </>
  );
}
