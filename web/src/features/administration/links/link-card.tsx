import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { PlayerLink } from "@/components/ui/player-link";
import { LINK } from "@/components/ui/states";
import { money } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { useMay } from "../session/use-may";
import { Badge } from "../shared/badge";
import { ACT, DANGER, QUIET } from "../shared/buttons";
import { Time } from "../shared/time";
import type { LinkReview } from "../shared/types";
import { ApproveLink, RejectLink, TransferPlayer } from "./link-dialogs";

const text = adminTexts.links;

/** One request with what speaks for it, and the way to decide it. */
export function LinkCard({ request }: { request: LinkReview }) {
  const [open, setOpen] = useState<"approve" | "reject" | "transfer" | null>(null);
  const may = useMay();
  const close = () => setOpen(null);
  return (
    <li className="grid gap-3 rounded-lg border border-line bg-panel p-4">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span>
          <Link to="/admin/users/$id" params={{ id: String(request.userId) }} className={LINK}>
            {request.username}
          </Link>{" "}
          {text.saysHeIs}{" "}
          <PlayerLink id={request.goatedId} className={LINK}>
            {request.goatedUsername}
          </PlayerLink>
        </span>
        <span className="flex flex-wrap gap-x-3 text-sm text-muted">
          <Badge status={request.status}>{adminTexts.statuses[request.status]}</Badge>
          <Time at={request.createdAt} />
        </span>
      </p>
      {request.message && <blockquote className="border-l-4 border-line pl-3">{request.message}</blockquote>}
      <Evidence request={request} />
      {request.reason && (
        <p className="text-sm text-muted">{text.decided(request.decidedBy ?? "–", request.reason)}</p>
      )}
      {request.status === "pending" && (
        <div className="flex flex-wrap gap-3">
          {request.linkedUserId === null ? (
            <button type="button" className={ACT} onClick={() => setOpen("approve")}>
              {text.approve}
            </button>
          ) : (
            may("users:write") && (
              <button type="button" className={QUIET} onClick={() => setOpen("transfer")}>
                {text.transfer}
              </button>
            )
          )}
          <button type="button" className={DANGER} onClick={() => setOpen("reject")}>
            {text.reject}
          </button>
        </div>
      )}
      {open === "approve" && <ApproveLink request={request} close={close} />}
      {open === "reject" && <RejectLink request={request} close={close} />}
      {open === "transfer" && <TransferPlayer request={request} close={close} />}
    </li>
  );
}

/** What proves that he is this player, and what speaks against it. */
function Evidence({ request: { signature, linkedUserId } }: { request: LinkReview }) {
  return (
    <div className="grid gap-1 text-sm">
      {signature && (
        <p className={signature.isSeen ? "text-rise" : "text-muted"}>
          {(signature.isSeen ? text.seen : text.notSeen)(
            money(signature.firstAmount),
            money(signature.secondAmount),
          )}
        </p>
      )}
      {linkedUserId !== null && <p className="text-warn-ink">{text.taken(linkedUserId)}</p>}
    </div>
  );
}
