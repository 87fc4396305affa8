import { useQueryClient } from "@tanstack/react-query";
import { Form, PasswordField, secretOf } from "@/components/ui/form";
import { type Me, signedIn } from "@/session/me";
import { texts } from "@/texts";
import { changePassword } from "../api/settings";
import { Section } from "./section";

/** Another password; all other sessions end. */
export function PasswordSection({ me }: { me: Me }) {
  const cache = useQueryClient();
  const words = texts.account.password;
  const send = async (fields: FormData) => {
    const answer = await changePassword({
      password: secretOf(fields, "password"),
      newPassword: secretOf(fields, "newPassword"),
    });
    signedIn(cache, answer);
  };
  return (
    <Section title={words.title}>
      <Form send={send} submit={words.submit} done={words.done}>
        <input type="text" name="login" value={me.username} autoComplete="username" readOnly hidden />
        <PasswordField name="password" label={words.current} autoComplete="current-password" required />
        <PasswordField
          name="newPassword"
          label={words.next}
          hint={texts.account.register.passwordHint}
          autoComplete="new-password"
          minLength={8}
          required
        />
      </Form>
    </Section>
  );
}
