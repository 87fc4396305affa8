"""What administrators do with accounts, and what becomes of a person's standing by it."""

from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.errors import UserNotFound
from goatedvips.accounts.mails import tell_by_mail
from goatedvips.accounts.repository import Accounts
from goatedvips.accounts.roles import STAFF, Role
from goatedvips.accounts.second_factor.repository import SecondFactors
from goatedvips.accounts.second_factor.service import NoSecondFactor
from goatedvips.accounts.sessions.repository import Sessions
from goatedvips.accounts.sessions.service import end_sessions
from goatedvips.audit.service import Act, record
from goatedvips.membership.errors import LastAdministrator, NotInThatState, OneselfNot, SecondFactorFirst
from goatedvips.membership.repository import Members
from goatedvips.races.settlement.standing_out import follow_account
from goatedvips.realtime.announce import announce


async def ban(connection: AsyncConnection, user_id: int, *, reason: str, actor: str, now: datetime) -> None:
    """Shut somebody out: his sessions end, his keys open nothing, his player takes no place.

    Raises `UserNotFound`, `OneselfNot`, `LastAdministrator`, or `NotInThatState` if he is banned.
    """
    members = Members(connection)
    if actor == f"user:{user_id}":
        raise OneselfNot("bans")
    await _keep_an_administrator(members, user_id)
    held = await _held(members, user_id)
    if not await members.set_status(user_id, "banned", before="active", now=now):
        raise NotInThatState(user_id, held["status"])
    await members.set_ban(user_id, at=now, by=actor, reason=reason)
    await end_sessions(connection, user_id)
    act = Act("user.banned", f"user:{user_id}", {"reason": reason})
    await _followed(connection, held, [act], actor=actor, now=now)


async def unban(
    connection: AsyncConnection,
    user_id: int,
    *,
    reason: str,
    actor: str,
    now: datetime,
    by_mistake: bool = False,
) -> None:
    """Let somebody in again; into races that go on only if the ban was a mistake.

    Raises `UserNotFound`, or `NotInThatState` if he is not banned.
    """
    members = Members(connection)
    held = await _held(members, user_id)
    if not await members.set_status(user_id, "active", before="banned", now=now):
        raise NotInThatState(user_id, held["status"])
    await members.set_ban(user_id, at=None, by=None, reason=None)
    act = Act("user.unbanned", f"user:{user_id}", {"reason": reason, "byMistake": by_mistake})
    await _followed(connection, held, [act], actor=actor, now=now, by_mistake=by_mistake)


async def set_role(
    connection: AsyncConnection, user_id: int, role: Role, *, actor: str, now: datetime
) -> None:
    """Let somebody do more, or less. His sessions end: he signs in anew as what he is now.

    Raises `UserNotFound`, `OneselfNot`, `LastAdministrator`, `NotInThatState` if he is banned, or
    `SecondFactorFirst`: how long a password is that was chosen before, nobody knows.
    """
    members = Members(connection)
    if actor == f"user:{user_id}":
        raise OneselfNot("changes the role of")
    if role is not Role.ADMIN:
        await _keep_an_administrator(members, user_id)
    held = await _held(members, user_id)
    if held["role"] == role:
        return
    if held["status"] != "active":
        raise NotInThatState(user_id, held["status"])
    if role in STAFF and held["role"] not in STAFF and not await _has_second_factor(connection, user_id):
        raise SecondFactorFirst(user_id)
    await members.set_role(user_id, role, before=held["role"], now=now)
    await end_sessions(connection, user_id)
    await tell_by_mail(connection, "mail.role_changed", user_id, now=now)
    act = Act("user.role_changed", f"user:{user_id}", {"before": held["role"], "after": role})
    await _followed(connection, held, [act], actor=actor, now=now)


async def sign_out(connection: AsyncConnection, user_id: int, *, actor: str, now: datetime) -> int:
    """End all of somebody's sessions and forget his browsers; return how many. Raises `UserNotFound`."""
    await _held(Members(connection), user_id)
    ended = await end_sessions(connection, user_id)
    await Sessions(connection).forget_devices(user_id)
    act = Act("user.signed_out", f"user:{user_id}", {"sessions": ended})
    await record(connection, [act], actor=actor, at=now)
    return ended


async def remove_second_factor(
    connection: AsyncConnection, user_id: int, *, reason: str, actor: str, now: datetime
) -> None:
    """Let somebody sign in without the authenticator that he lost; he is told by mail.

    Raises `UserNotFound`, `OneselfNot` or `NoSecondFactor`.
    """
    if actor == f"user:{user_id}":
        raise OneselfNot("removes the second factor of")
    await _held(Members(connection), user_id)
    if not await SecondFactors(connection).disable(user_id):
        raise NoSecondFactor
    await Accounts(connection).touch(user_id, now=now)
    await end_sessions(connection, user_id)
    await tell_by_mail(connection, "mail.second_factor_removed", user_id, now=now)
    act = Act("user.second_factor_removed", f"user:{user_id}", {"reason": reason})
    await record(connection, [act], actor=actor, at=now)


async def send_password_reset(
    connection: AsyncConnection, user_id: int, *, actor: str, now: datetime
) -> None:
    """Have a mail sent with which somebody chooses a new password. Raises `UserNotFound`."""
    await _held(Members(connection), user_id)
    await tell_by_mail(connection, "mail.reset_password", user_id, now=now)
    act = Act("user.password_reset_sent", f"user:{user_id}", {})
    await record(connection, [act], actor=actor, at=now)


async def _followed(
    connection: AsyncConnection,
    held: RowMapping,
    acts: list[Act],
    *,
    actor: str,
    now: datetime,
    by_mistake: bool = False,
) -> None:
    """Let the player's exclusions follow, tell every process, and record it all."""
    if held["player_id"] is not None:
        acts += await follow_account(
            connection, held["player_id"], actor=actor, now=now, by_mistake=by_mistake
        )
    await announce(connection, f"user:{held['id']}")
    await record(connection, acts, actor=actor, at=now)


async def _keep_an_administrator(members: Members, user_id: int) -> None:
    if await members.held_admins() == [user_id]:
        raise LastAdministrator


async def _has_second_factor(connection: AsyncConnection, user_id: int) -> bool:
    factor = await Accounts(connection).second_factor(user_id)
    return factor is not None and bool(factor["enabled"])


async def _held(members: Members, user_id: int) -> RowMapping:
    held = await members.held(user_id)
    if held is None:
        raise UserNotFound(user_id)
    return held
