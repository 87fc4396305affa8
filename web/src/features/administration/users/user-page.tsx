import { useQuery } from "@tanstack/react-query";
import { PageTitle } from "@/components/layout/page-title";
import { Panel } from "@/components/ui/panel";
import { PlayerLink } from "@/components/ui/player-link";
import { LINK } from "@/components/ui/states";
import { count } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { useMay } from "../session/use-may";
import { Badge } from "../shared/badge";
import { Facts } from "../shared/facts";
import { Loaded } from "../shared/loaded";
import { Time } from "../shared/time";
import type { MemberDetail } from "../shared/types";
import { userQuery } from "./get-users";
import { UserActs } from "./user-acts";

const text = adminTexts.users;
const yesNo = (is: boolean | null) => (is ? adminTexts.yes : adminTexts.no);

/** One user with what it takes to help him. */
export function UserPage({ id }: { id: number }) {
  const user = useQuery(userQuery(id));
  const may = useMay();
  return (
    <Loaded query={user}>
      {(member) => (
        <>
          <PageTitle title={member.username}>
            <Badge status={member.status}>{text.statuses[member.status]}</Badge>
          </PageTitle>
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Panel id="account" title={text.account}>
              <Facts facts={accountOf(member)} />
            </Panel>
            {may("users:write") && member.status !== "erased" && <UserActs member={member} />}
          </div>
        </>
      )}
    </Loaded>
  );
}

function accountOf(member: MemberDetail) {
  return [
    [text.number, String(member.id)],
    [
      text.email,
      member.email && `${member.email} (${member.emailVerified ? text.verified : text.unverified})`,
    ],
    [text.role, adminTexts.roles[member.role]],
    [
      text.player,
      member.goatedId && (
        <PlayerLink key="player" id={member.goatedId} className={LINK}>
          {member.goatedUsername ?? member.goatedId}
        </PlayerLink>
      ),
    ],
    [text.since, <Time key="since" at={member.createdAt} />],
    [text.lastLogin, <Time key="login" at={member.lastLogin} />],
    [text.sessions, count(member.sessions)],
    [text.secondFactor, yesNo(member.totpEnabled)],
    [text.privacy, member.privacy],
    [text.ofAge, yesNo(member.ageConfirmedAt !== null)],
    [text.selfExcluded, yesNo(member.selfExcluded)],
    ...(member.bannedAt
      ? [
          [
            text.ban,
            <span key="ban">
              <Time at={member.bannedAt} /> {text.banBy(member.bannedBy ?? "–", member.banReason ?? "–")}
            </span>,
          ] as const,
        ]
      : []),
    ...(member.names && member.names.length > 0
      ? [[text.names, member.names.map(({ username }) => username).join(", ")] as const]
      : []),
  ] as const;
}
