import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Field, Form, textOf } from "@/components/ui/form";
import { Labelled } from "@/components/ui/labelled";
import { LINK } from "@/components/ui/states";
import { changedMe, type Me } from "@/session/me";
import { texts } from "@/texts";
import { choosePrivacy, confirmAge, editProfile } from "../api/settings";
import { Section } from "./section";

const PRIVACY = ["public", "masked", "hidden"] as const;

/** Name, colour, and what one says of oneself. */
export function ProfileSection({ me }: { me: Me }) {
  const cache = useQueryClient();
  const words = texts.account.profile;
  const send = async (fields: FormData) => {
    const wanted = {
      username: textOf(fields, "username"),
      bio: textOf(fields, "bio") || null,
      profileColor: textOf(fields, "profileColor"),
    };
    changedMe(cache, await editProfile(wanted, me.version));
  };
  return (
    <Section title={words.title}>
      <Form send={send} submit={texts.account.settings.save} done={texts.account.settings.saved}>
        <Field
          name="username"
          label={words.username}
          hint={texts.account.register.usernameHint}
          defaultValue={me.username}
          autoComplete="username"
          required
        />
        <Labelled name="bio" label={words.bio} hint={words.bioHint} narrow>
          {(given) => (
            <textarea {...given} rows={4} maxLength={2000} dir="auto" defaultValue={me.bio ?? ""} />
          )}
        </Labelled>
        <Field name="profileColor" type="color" label={words.color} defaultValue={me.profileColor} />
      </Form>
      <Link to="/players/$id" params={{ id: String(me.id) }} search={{}} className={LINK}>
        {words.publicPage}
      </Link>
    </Section>
  );
}

/** How much others see of one's name. */
export function PrivacySection({ me }: { me: Me }) {
  const cache = useQueryClient();
  const words = texts.account.privacy;
  const send = async (fields: FormData) => {
    const chosen = PRIVACY.find((each) => each === fields.get("privacy"));
    if (chosen) changedMe(cache, await choosePrivacy(chosen));
  };
  return (
    <Section title={words.title}>
      <Form send={send} submit={texts.account.settings.save} done={texts.account.settings.saved}>
        <fieldset className="grid gap-1">
          <legend className="sr-only">{words.title}</legend>
          {PRIVACY.map((each) => (
            <label key={each} className="flex min-h-11 items-center gap-3">
              <input
                type="radio"
                name="privacy"
                value={each}
                defaultChecked={me.privacy === each}
                className="size-5 accent-brand"
              />
              {words[each]}
            </label>
          ))}
        </fieldset>
        <p className="text-sm text-muted">{words.hint}</p>
      </Form>
    </Section>
  );
}

/** Asked once: nobody takes part before he has said that he is of age. */
export function AgeSection({ me }: { me: Me }) {
  const cache = useQueryClient();
  const words = texts.account.age;
  return (
    <Section title={words.title}>
      {me.ageConfirmed ? (
        <p>{words.confirmed}</p>
      ) : (
        <Form
          send={async (fields) => changedMe(cache, await confirmAge(textOf(fields, "birthDate")))}
          submit={words.submit}
        >
          <Field
            name="birthDate"
            type="date"
            label={texts.account.register.birthDate}
            hint={texts.account.register.birthDateHint}
            autoComplete="bday"
            required
          />
        </Form>
      )}
    </Section>
  );
}
