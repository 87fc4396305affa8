import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { holdCsrfToken } from "@/api/csrf";
import type { components } from "@/api/schema";
import { Field, Form, PasswordField, secretOf, textOf } from "@/components/ui/form";
import { BUTTON, QUIET_BUTTON } from "@/components/ui/states";
import { count } from "@/lib/format";
import { type Me, meQuery } from "@/session/me";
import { texts } from "@/texts";
import { beginTotp, confirmTotp, disableTotp, newRecoveryCodes } from "../api/settings";
import { useProven } from "./proof";
import { Section } from "./section";

type Begun = components["schemas"]["SecondFactorBegun"];

/** The authenticator: set up, codes for when it is lost, turned off. */
export function TotpSection({ me }: { me: Me }) {
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <Section title={texts.account.totp.title}>
      {codes ? (
        <RecoveryCodes codes={codes} close={() => setCodes(null)} />
      ) : me.totpEnabled ? (
        <Enabled me={me} show={setCodes} />
      ) : (
        <Setup show={setCodes} />
      )}
    </Section>
  );
}

function useRenewMe() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: meQuery.queryKey });
}

interface PartProps {
  me: Me;
  show: (codes: string[]) => void;
}

function Setup({ show }: Pick<PartProps, "show">) {
  const words = texts.account.totp;
  const renew = useRenewMe();
  const [begun, setBegun] = useState<Begun | null>(null);
  const [attempt, refusal] = useProven();
  const confirm = async (fields: FormData) => {
    const { recoveryCodes, csrfToken } = await confirmTotp(textOf(fields, "code"));
    holdCsrfToken(csrfToken);
    show(recoveryCodes);
    await renew();
  };
  if (begun === null) {
    return (
      <>
        <p>{words.off}</p>
        {refusal ?? (
          <button
            type="button"
            className={BUTTON}
            onClick={() => void attempt(async () => setBegun(await beginTotp()))}
          >
            {words.begin}
          </button>
        )}
      </>
    );
  }
  return (
    <>
      <p>{words.scan}</p>
      <img src={begun.qrCode} alt={words.qr} width={220} height={220} className="rounded-md bg-white p-2" />
      <p className="break-all">
        {words.key}: <code>{begun.secret}</code>
      </p>
      <Form send={confirm} submit={words.confirm}>
        <Field name="code" label={words.code} autoComplete="one-time-code" inputMode="numeric" required />
      </Form>
    </>
  );
}

function Enabled({ me, show }: PartProps) {
  const words = texts.account.totp;
  const renew = useRenewMe();
  const [attempt, refusal] = useProven();
  const anew = (fields: FormData) => {
    const code = textOf(fields, "code");
    return attempt(async () => {
      show((await newRecoveryCodes(code)).recoveryCodes);
      await renew();
    });
  };
  const disable = (fields: FormData) => {
    const given = { code: textOf(fields, "code"), password: secretOf(fields, "password") || null };
    return attempt(async () => {
      await disableTotp(given);
      await renew();
    });
  };
  return (
    <>
      <p>{words.on(count(me.recoveryCodesLeft))}</p>
      {refusal ?? (
        <>
          <Form send={anew} submit={words.newCodes}>
            <Field name="code" label={words.codeNow} autoComplete="one-time-code" required />
          </Form>
          <Form send={disable} submit={words.disable} danger>
            <Field name="code" label={words.codeNow} autoComplete="one-time-code" required />
            <PasswordField name="password" label={words.password} autoComplete="current-password" required />
          </Form>
        </>
      )}
    </>
  );
}

function RecoveryCodes({ codes, close }: { codes: string[]; close: () => void }) {
  const words = texts.account.totp;
  return (
    <>
      <p role="status">{words.codes}</p>
      <ul className="grid gap-1 font-mono sm:grid-cols-2 sm:gap-x-8">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <button type="button" className={QUIET_BUTTON} onClick={close}>
        {words.copied}
      </button>
    </>
  );
}
