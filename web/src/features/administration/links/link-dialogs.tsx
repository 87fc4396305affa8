import { api } from "@/api/client";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { KEYS } from "../shared/keys";
import { ReasonDialog } from "../shared/reason-dialog";
import type { LinkReview } from "../shared/types";

const text = adminTexts.links;

interface LinkDialogProps {
  request: LinkReview;
  close: () => void;
}

const TOUCHES = [KEYS.links, KEYS.users];
const pathOf = ({ id }: LinkReview) => ({ path: { request_id: id } });

export function ApproveLink({ request, close }: LinkDialogProps) {
  const approve = useAct({
    call: (body: { reason: string }, headers) =>
      api.POST("/api/admin/link-requests/{request_id}/approve", { params: pathOf(request), body, headers }),
    touches: TOUCHES,
    said: text.saidApproved(request.username, request.goatedUsername),
    done: close,
  });
  return (
    <ReasonDialog
      title={text.approve}
      says={text.approveSays(request.username, request.goatedUsername)}
      hint={text.readByUser}
      button={text.approve}
      close={close}
      send={(reason) => approve.mutate({ reason })}
      act={approve}
    />
  );
}

export function RejectLink({ request, close }: LinkDialogProps) {
  const reject = useAct({
    call: (body: { reason: string }, headers) =>
      api.POST("/api/admin/link-requests/{request_id}/reject", { params: pathOf(request), body, headers }),
    touches: TOUCHES,
    said: text.saidRejected(request.username),
    done: close,
  });
  return (
    <ReasonDialog
      title={text.reject}
      says={text.rejectSays(request.username, request.goatedUsername)}
      hint={text.readByUser}
      button={text.reject}
      danger
      close={close}
      send={(reason) => reject.mutate({ reason })}
      act={reject}
    />
  );
}

export function TransferPlayer({ request, close }: LinkDialogProps) {
  const transfer = useAct({
    call: (body: { reason: string; userId: number }, headers) =>
      api.POST("/api/admin/players/{player_id}/transfer", {
        params: { path: { player_id: request.playerId } },
        body,
        headers,
      }),
    touches: TOUCHES,
    said: text.saidTransferred(request.goatedUsername, request.username),
    done: close,
  });
  return (
    <ReasonDialog
      title={text.transfer}
      says={text.transferSays(request.goatedUsername, request.username, request.linkedUserId ?? 0)}
      button={text.transfer}
      danger
      close={close}
      send={(reason) => transfer.mutate({ reason, userId: request.userId })}
      act={transfer}
    />
  );
}
