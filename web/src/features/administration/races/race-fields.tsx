import { SelectField, TextField } from "@/components/ui/field";
import { adminTexts } from "@/texts/en/admin";
import { TermsFields, ZoneField } from "../shared/terms-fields";
import type { RaceDraft, RaceField } from "./race-draft";

const text = adminTexts.races;

interface RaceFieldsProps {
  draft: RaceDraft;
  type: (name: RaceField, value: string) => void;
  /** A race of a series has its dates and its type from there. */
  isOfSeries?: boolean;
  mayLeaveOut: boolean;
}

/** All that can be said about a race before it begins. */
export function RaceFields({ draft, type, isOfSeries = false, mayLeaveOut }: RaceFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        name="name"
        label={text.name}
        value={draft.name}
        change={(value) => type("name", value)}
        maxLength={120}
        required
      />
      <SelectField
        name="type"
        label={text.type}
        value={draft.type as keyof typeof text.types}
        options={text.types}
        change={(value) => type("type", value)}
        disabled={isOfSeries}
      />
      <div className="sm:col-span-2">
        <ZoneField value={draft.timezone} change={(value) => type("timezone", value)} />
      </div>
      <TextField
        name="startDate"
        type="datetime-local"
        label={text.startsIn(draft.timezone)}
        value={draft.start}
        change={(value) => type("start", value)}
        disabled={isOfSeries}
        required
      />
      <TextField
        name="endDate"
        type="datetime-local"
        label={text.endsIn(draft.timezone)}
        value={draft.end}
        change={(value) => type("end", value)}
        disabled={isOfSeries}
        required
      />
      <TermsFields draft={draft} type={type} mayLeaveOut={mayLeaveOut} />
    </div>
  );
}
