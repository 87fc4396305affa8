import { useQuery } from "@tanstack/react-query";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { useDebounced } from "@/hooks/use-debounced";
import { count, money } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { bothClocks } from "../shared/both-clocks";
import { Facts } from "../shared/facts";
import { FormFailure } from "../shared/form-failure";
import { SplitList } from "../shared/split-list";
import { previewQuery } from "./get-admin-races";
import { type RaceDraft, raceOf } from "./race-draft";

const text = adminTexts.races;

/** What the race would be: its instants, what the clocks do meanwhile, and what each place is paid. */
export function RacePreview({ draft }: { draft: RaceDraft }) {
  const settled = useDebounced(JSON.stringify(raceOf(draft)), 300);
  const race: ReturnType<typeof raceOf> = JSON.parse(settled);
  // It may have no name yet, and the preview needs one.
  const named = race && { ...race, name: race.name || "–" };
  const { data: shown, error } = useQuery(previewQuery(named));
  return (
    <Panel id="preview" title={text.preview}>
      {error && (
        <div className="px-4 pb-4">
          <FormFailure error={error} />
        </div>
      )}
      {race === null && <p className="px-4 pb-4 text-muted">{text.unreadable}</p>}
      {race !== null && !error && shown && (
        <>
          <Facts
            facts={[
              [text.starts, bothClocks(shown.startDate, shown.timezone)],
              [text.ends, bothClocks(shown.endDate, shown.timezone)],
              [text.lasts, text.hours(count(shown.hours))],
              [text.unpaid, money(shown.unpaid)],
            ]}
          />
          {shown.notes.length > 0 && (
            <div className="grid gap-2 px-4 pb-4">
              {shown.notes.map(({ code, text: note }) => (
                <Notice key={code + note}>{note}</Notice>
              ))}
            </div>
          )}
          <SplitList prizes={shown.prizes} />
        </>
      )}
    </Panel>
  );
}
