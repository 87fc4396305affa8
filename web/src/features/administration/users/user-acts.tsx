import { type ReactNode, useState } from "react";
import { Panel } from "@/components/ui/panel";
import { adminTexts } from "@/texts/en/admin";
import { DANGER, QUIET } from "../shared/buttons";
import type { MemberDetail } from "../shared/types";
import { type ActProps, ChangeRole, Reset, SignOutEverywhere } from "./account-dialogs";
import { Ban, Erase, RemoveSecondFactor, Unban, Unlink } from "./grave-dialogs";

const text = adminTexts.users;

interface Offer {
  name: string;
  dialog: (props: ActProps) => ReactNode;
  isOffered: (member: MemberDetail) => boolean;
  isGrave?: true;
}

const OFFERS: readonly Offer[] = [
  { name: text.acts.role, dialog: ChangeRole, isOffered: ({ status }) => status === "active" },
  {
    name: text.acts.reset,
    dialog: Reset,
    isOffered: ({ email, status }) => email !== null && status === "active",
  },
  { name: text.acts.signOut, dialog: SignOutEverywhere, isOffered: ({ sessions }) => sessions > 0 },
  { name: text.acts.secondFactor, dialog: RemoveSecondFactor, isOffered: ({ totpEnabled }) => totpEnabled },
  { name: text.acts.unlink, dialog: Unlink, isOffered: ({ playerId }) => playerId !== null },
  { name: text.acts.unban, dialog: Unban, isOffered: ({ status }) => status === "banned" },
  { name: text.acts.ban, dialog: Ban, isOffered: ({ status }) => status === "active", isGrave: true },
  { name: text.acts.erase, dialog: Erase, isOffered: () => true, isGrave: true },
];

/** What may be done about a user as he stands. */
export function UserActs({ member }: { member: MemberDetail }) {
  const [open, setOpen] = useState<Offer | null>(null);
  const Opened = open?.dialog;
  return (
    <Panel id="acts" title={text.doTitle}>
      <div className="flex flex-wrap gap-3 px-4 pb-4">
        {OFFERS.filter(({ isOffered }) => isOffered(member)).map((offer) => (
          <button
            key={offer.name}
            type="button"
            className={offer.isGrave ? DANGER : QUIET}
            onClick={() => setOpen(offer)}
          >
            {offer.name}
          </button>
        ))}
      </div>
      {Opened && <Opened member={member} close={() => setOpen(null)} />}
    </Panel>
  );
}
