import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Field, Form, textOf } from "@/components/ui/form";
import { ErrorState, QUIET_BUTTON } from "@/components/ui/states";
import { age, date } from "@/lib/format";
import type { Me } from "@/session/me";
import { texts } from "@/texts";
import { type ApiKey, type ApiKeyMade, keysQuery, makeKey, revokeKey } from "../api/settings";
import { useProven } from "./proof";
import { Section } from "./section";

const DAY = 86_400_000;

/** Keys with which programs act for one; each is shown once. */
export function KeysSection({ me }: { me: Me }) {
  const words = texts.account.keys;
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery(keysQuery);
  const [made, setMade] = useState<ApiKeyMade | null>(null);
  const [attempt, refusal] = useProven();
  const renew = () => cache.invalidateQueries({ queryKey: keysQuery.queryKey });
  const make = (fields: FormData) => {
    const days = Number(textOf(fields, "days"));
    const wanted = {
      name: textOf(fields, "name"),
      scopes: me.permissions.filter((each) => fields.getAll("scopes").includes(each)),
      expiresAt: days > 0 ? new Date(Date.now() + days * DAY).toISOString() : null,
    };
    return attempt(async () => {
      setMade(await makeKey(wanted));
      await renew();
    });
  };
  return (
    <Section title={words.title}>
      <p>{words.text}</p>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {data?.data.length === 0 && <p className="text-muted">{words.none}</p>}
      <ul className="grid w-full gap-3">
        {data?.data.map((key) => (
          <Key key={key.id} made={key} revoke={() => void attempt(() => revokeKey(key.id).then(renew))} />
        ))}
      </ul>
      {made && <MadeKey made={made} />}
      {refusal ?? (
        <Form send={make} submit={words.submit}>
          <Field name="name" label={words.name} maxLength={64} autoComplete="off" required />
          <fieldset className="flex flex-wrap gap-x-6">
            <legend className="text-sm font-semibold">{words.scopes}</legend>
            {me.permissions.map((each) => (
              <label key={each} className="flex min-h-11 items-center gap-2">
                <input
                  type="checkbox"
                  name="scopes"
                  value={each}
                  defaultChecked={each === "own"}
                  className="size-5 accent-brand"
                />
                <code>{each}</code>
              </label>
            ))}
          </fieldset>
          <Field name="days" type="number" min={1} max={3650} label={words.days} hint={words.daysHint} />
        </Form>
      )}
    </Section>
  );
}

function MadeKey({ made: { key, scopes } }: { made: ApiKeyMade }) {
  const words = texts.account.keys;
  const overlay = `${window.location.origin}/overlay/race/current?type=monthly&top=5&theme=dark&token=${key}`;
  return (
    <div role="status" className="grid gap-2 break-all">
      <p>
        {words.made} <code className="font-semibold">{key}</code>
      </p>
      {scopes.join() === "overlay:read" && (
        <>
          <p>
            {words.overlay} <code className="font-semibold">{overlay}</code>
          </p>
          <p className="text-sm break-normal text-muted">{words.overlayMore}</p>
        </>
      )}
    </div>
  );
}

function Key({ made, revoke }: { made: ApiKey; revoke: () => void }) {
  const words = texts.account.keys;
  const facts = [
    made.scopes.join(", "),
    made.lastUsedAt ? words.used(age(Date.now() - Date.parse(made.lastUsedAt))) : words.neverUsed,
    made.expiresAt && words.until(date(made.expiresAt)),
  ];
  return (
    <li className="flex flex-wrap items-center justify-between gap-3">
      <div className="min-w-0">
        <p className="break-words">
          {made.name} <code className="text-muted">{made.hint}…</code>
        </p>
        <p className="text-sm text-muted">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <button type="button" aria-label={words.revokeOf(made.name)} className={QUIET_BUTTON} onClick={revoke}>
        {words.revoke}
      </button>
    </li>
  );
}
