import { SelectField, TextField } from "@/components/ui/field";
import { adminTexts } from "@/texts/en/admin";
import { TermsFields, ZoneField } from "../shared/terms-fields";
import type { SeriesDraft, SeriesField } from "./series-draft";

const races = adminTexts.races;
const text = adminTexts.series;
const { special: _, ...TYPES } = races.types;

interface SeriesFieldsProps {
  draft: SeriesDraft;
  type: (name: SeriesField, value: string) => void;
  mayLeaveOut: boolean;
}

/** The rule that makes the next race. */
export function SeriesFields({ draft, type, mayLeaveOut }: SeriesFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        name="name"
        label={text.name}
        hint={text.nameHint}
        value={draft.name}
        change={(value) => type("name", value)}
        maxLength={100}
        required
      />
      <SelectField
        name="type"
        label={races.type}
        value={draft.type as keyof typeof TYPES}
        options={TYPES}
        change={(value) => type("type", value)}
      />
      <ZoneField value={draft.timezone} change={(value) => type("timezone", value)} />
      <TextField
        name="startHour"
        label={text.startHour}
        hint={text.startHourHint}
        inputMode="numeric"
        pattern="[0-9]|1[0-9]|2[0-3]"
        value={draft.startHour}
        change={(value) => type("startHour", value)}
        required
      />
      {draft.type === "weekly" && (
        <SelectField
          name="weekday"
          label={text.weekday}
          value={draft.weekday as keyof typeof text.weekdays}
          options={text.weekdays}
          change={(value) => type("weekday", value)}
        />
      )}
      {draft.type === "monthly" && (
        <TextField
          name="dayOfMonth"
          label={text.dayOfMonth}
          hint={text.dayOfMonthHint}
          inputMode="numeric"
          pattern="[1-9]|[12][0-9]|3[01]"
          value={draft.dayOfMonth}
          change={(value) => type("dayOfMonth", value)}
          required
        />
      )}
      <TermsFields draft={draft} type={type} mayLeaveOut={mayLeaveOut} />
    </div>
  );
}
