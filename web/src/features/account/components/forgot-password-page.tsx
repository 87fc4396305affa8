import { useState } from "react";
import { PageTitle } from "@/components/layout/page-title";
import { Field, Form, textOf } from "@/components/ui/form";
import { texts } from "@/texts";
import { forgotPassword } from "../api/signing-in";

/** Somebody has a link sent with which he chooses another password. The answer tells nobody who has an account. */
export function ForgotPasswordPage() {
  const words = texts.account.forgot;
  const [said, setSaid] = useState("");
  return (
    <>
      <PageTitle title={words.title} />
      <Form
        send={async (fields) => setSaid((await forgotPassword(textOf(fields, "email"))).detail)}
        submit={words.submit}
        done={said}
      >
        <Field name="email" type="email" label={words.email} autoComplete="email" required />
      </Form>
    </>
  );
}
