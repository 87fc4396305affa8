import { useState } from "react";
import { api } from "@/api/client";
import { Labelled } from "@/components/ui/field";
import { money } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { KEYS } from "../shared/keys";
import { ActDialog } from "../shared/reason-dialog";

const text = adminTexts.awards;

/** Sends the sheet of what is due back, with a reference for each award that was paid. */
export function PaySheetDialog({ close }: { close: () => void }) {
  const [sheet, setSheet] = useState<string | null>(null);
  const pay = useAct({
    call: (body: string, headers) =>
      api.POST("/api/admin/awards/pay.csv", {
        body,
        bodySerializer: (csv) => csv,
        headers: { ...headers, "Content-Type": "text/csv" },
      }),
    touches: [KEYS.awards, KEYS.races],
    said: ({ changed, amount, linesLeftOut }) =>
      text.saidSheet(changed.length, money(amount), linesLeftOut.length),
    done: close,
  });
  return (
    <ActDialog
      title={text.sheet}
      says={text.sheetSays}
      button={text.pay}
      close={close}
      send={() => sheet !== null && pay.mutate(sheet)}
      act={pay}
    >
      <Labelled name="sheet" label={text.sheetFile} hint={text.sheetHint}>
        {(given) => (
          <input
            {...given}
            type="file"
            accept=".csv,text/csv"
            required
            onChange={async ({ target }) => setSheet((await target.files?.[0]?.text()) ?? null)}
          />
        )}
      </Labelled>
    </ActDialog>
  );
}
