import { useQueryClient } from "@tanstack/react-query";
import { Field, Form, textOf } from "@/components/ui/form";
import { LINK } from "@/components/ui/states";
import { date } from "@/lib/format";
import { changedMe, leave, type Me } from "@/session/me";
import { texts } from "@/texts";
import { eraseMe, excludeMyself } from "../api/settings";
import { useProven } from "./proof";
import { Section } from "./section";

/** Everything that is kept of one, to take away. */
export function DataSection() {
  const words = texts.account.data;
  return (
    <Section title={words.title}>
      <p>{words.text}</p>
      <a href="/api/users/me/export" download className={LINK}>
        {words.download}
      </a>
    </Section>
  );
}

/** Taking no part any more, until a date or for good; nobody can undo it. */
export function ExclusionSection({ me }: { me: Me }) {
  const words = texts.account.exclusion;
  const cache = useQueryClient();
  const send = async (fields: FormData) => {
    const until = textOf(fields, "until");
    changedMe(cache, await excludeMyself(until ? new Date(`${until}T00:00:00`).toISOString() : null));
  };
  return (
    <Section title={words.title}>
      {me.selfExcluded && (
        <p>{me.selfExcludedUntil ? words.active(date(me.selfExcludedUntil)) : words.activeForGood}</p>
      )}
      {!(me.selfExcluded && me.selfExcludedUntil === null) && (
        <Form send={send} submit={words.submit} danger>
          <p>{words.text}</p>
          <Field name="until" type="date" label={words.until} hint={words.untilHint} />
          <Field name="sure" label={words.sure} pattern={words.word} autoComplete="off" required />
        </Form>
      )}
    </Section>
  );
}

/** The end of an account. */
export function ErasureSection() {
  const cache = useQueryClient();
  const words = texts.account.erasure;
  const [attempt, refusal] = useProven();
  const erase = async () => {
    await eraseMe();
    leave(cache);
  };
  return (
    <Section title={words.title}>
      <p>{words.text}</p>
      {refusal ?? (
        <Form send={() => attempt(erase)} submit={words.submit} danger>
          <Field name="sure" label={words.sure} pattern={words.word} autoComplete="off" required />
        </Form>
      )}
    </Section>
  );
}
