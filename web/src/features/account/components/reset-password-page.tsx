import { PageTitle } from "@/components/layout/page-title";
import { Form, PasswordField, secretOf } from "@/components/ui/form";
import { Notice } from "@/components/ui/notice";
import { texts } from "@/texts";
import { resetPassword } from "../api/signing-in";
import { useMailedToken } from "./mailed-token";

/** Where the link in the mail leads: another password is chosen, and `go` leads to signing in with it. */
export function ResetPasswordPage({ go }: { go: () => void }) {
  const words = texts.account.reset;
  const token = useMailedToken();
  return (
    <>
      <PageTitle title={words.title} />
      {token === null ? (
        <Notice>{texts.account.verify.noToken}</Notice>
      ) : (
        <Form
          send={async (fields) => {
            await resetPassword({ token, password: secretOf(fields, "password") });
            go();
          }}
          submit={words.submit}
        >
          <PasswordField
            name="password"
            label={words.password}
            hint={texts.account.register.passwordHint}
            autoComplete="new-password"
            minLength={8}
            required
          />
        </Form>
      )}
    </>
  );
}
