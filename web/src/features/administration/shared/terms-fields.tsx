import { useId } from "react";
import { Labelled, SelectField, TextAreaField, TextField } from "@/components/ui/field";
import { adminTexts } from "@/texts/en/admin";
import type { Draft } from "./drafts";

const text = adminTexts.races;
const ZONES = Intl.supportedValuesOf("timeZone");

export type TermsName = "timezone" | "prizePool" | "minWager" | "tiePolicy" | "rejectPolicy" | "prizes";

interface TermsProps {
  draft: Draft<TermsName>;
  type: (name: TermsName, value: string) => void;
  /** Whether an empty prize table stands for the usual split. */
  mayLeaveOut: boolean;
}

/** What races and series have in common: money, ties, who takes part. */
export function TermsFields({ draft, type, mayLeaveOut }: TermsProps) {
  return (
    <>
      <TextField
        name="prizePool"
        label={text.poolDollars}
        inputMode="decimal"
        pattern="\d{1,12}(\.\d{1,2})?"
        value={draft.prizePool}
        change={(value) => type("prizePool", value)}
        required
      />
      <TextField
        name="minWager"
        label={text.minWager}
        hint={text.minWagerHint}
        inputMode="decimal"
        value={draft.minWager}
        change={(value) => type("minWager", value)}
        required
      />
      <div className="sm:col-span-2">
        <TextAreaField
          name="prizes"
          label={text.prizes}
          hint={mayLeaveOut ? text.prizesHint : text.prizesHintEdit}
          value={draft.prizes}
          change={(value) => type("prizes", value)}
          required={!mayLeaveOut}
        />
      </div>
      <SelectField
        name="tiePolicy"
        label={text.ties}
        value={draft.tiePolicy as keyof typeof text.tiePolicies}
        options={text.tiePolicies}
        change={(value) => type("tiePolicy", value)}
      />
      <SelectField
        name="rejectPolicy"
        label={text.rejections}
        value={draft.rejectPolicy as keyof typeof text.rejectPolicies}
        options={text.rejectPolicies}
        change={(value) => type("rejectPolicy", value)}
      />
    </>
  );
}

/** An IANA zone, found by typing a part of its name. */
export function ZoneField({ value, change }: { value: string; change: (zone: string) => void }) {
  const list = useId();
  return (
    <Labelled name="timezone" label={text.zone} hint={text.zoneHint}>
      {(given) => (
        <>
          <input
            {...given}
            list={list}
            value={value}
            required
            autoComplete="off"
            onChange={(event) => change(event.target.value)}
          />
          <datalist id={list}>
            {["UTC", ...ZONES].map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </Labelled>
  );
}
