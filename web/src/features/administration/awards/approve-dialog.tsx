import { api } from "@/api/client";
import { money } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { KEYS } from "../shared/keys";
import { ActDialog } from "../shared/reason-dialog";
import type { Award } from "../shared/types";
import { sumOf } from "./sum-of";

const text = adminTexts.awards;

interface ApproveDialogProps {
  awards: readonly Award[];
  close: () => void;
  done?: () => void;
}

/** Approves one award or many: all of them, or none. */
export function ApproveDialog({ awards, close, done }: ApproveDialogProps) {
  const approve = useAct({
    call: (body: { ids: number[] }, headers) => api.POST("/api/admin/awards/approve", { body, headers }),
    touches: [KEYS.awards, KEYS.races],
    said: ({ changed, amount }) => text.saidApproved(changed.length, money(amount)),
    done: () => {
      close();
      done?.();
    },
  });
  return (
    <ActDialog
      title={text.approveTitle(awards.length)}
      says={text.approveSays(money(sumOf(awards)))}
      button={text.approve}
      close={close}
      send={() => approve.mutate({ ids: awards.map(({ id }) => id) })}
      act={approve}
    >
      <ul className="max-h-48 overflow-y-auto text-sm">
        {awards.map(({ id, username, race, amount }) => (
          <li key={id} className="flex justify-between gap-4 border-b border-line py-1">
            <span className="min-w-0 break-words">
              {username}, {race}
            </span>
            <span className="tabular-nums">{money(amount)}</span>
          </li>
        ))}
      </ul>
    </ActDialog>
  );
}
