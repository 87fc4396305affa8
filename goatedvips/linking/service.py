"""Linking a user to his player: asked for, reviewed or proved, undone, given to somebody else."""

from datetime import datetime, timedelta
from random import SystemRandom

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.age import AgeNotConfirmed
from goatedvips.accounts.errors import UserNotFound
from goatedvips.accounts.mails import tell_by_mail
from goatedvips.audit.service import Act, record
from goatedvips.kit.errors import TooManyRequests
from goatedvips.linking import signature as signatures
from goatedvips.linking.errors import (
    AddressNotVerified,
    AlreadyLinked,
    NotLinked,
    PlayerNotKnown,
    PlayerTaken,
    RequestDecided,
    RequestNotFound,
    SeveralPlayers,
    TellsNothing,
)
from goatedvips.linking.repository import Links
from goatedvips.linking.schemas import LinkRequestCreate
from goatedvips.linking.signature import Signature, recognized
from goatedvips.players.errors import PersonNotFound
from goatedvips.races.settlement.standing_out import follow_account
from goatedvips.realtime.announce import announce

_MONTH = timedelta(days=30)
_MOST_SIGNATURES = 3
"""Of one player in a month, whoever asks: nobody gets many chances to meet two amounts by luck."""


async def ask(connection: AsyncConnection, user_id: int, wanted: LinkRequestCreate, *, now: datetime) -> int:
    """Ask for a link; return the request's number.

    Raises `AgeNotConfirmed`, `AddressNotVerified`, `AlreadyLinked`, `RequestOpen`, `PlayerNotKnown`,
    `SeveralPlayers` or `PlayerTaken`.
    """
    links = Links(connection)
    account = await links.account(user_id)
    if account is None:
        raise UserNotFound(user_id)
    if account["age_confirmed_at"] is None:
        raise AgeNotConfirmed
    if not account["email_verified"]:
        raise AddressNotVerified
    if account["player_id"] is not None:
        raise AlreadyLinked
    player_id = await _player(links, wanted)
    if await links.is_taken(player_id):
        raise PlayerTaken
    request_id = await links.add(user_id, player_id, message=wanted.message, now=now)
    await announce(connection, f"user:{user_id}")
    return request_id


async def withdraw(connection: AsyncConnection, request_id: int, user_id: int, *, now: datetime) -> None:
    """Take a request of one's own back. Raises `RequestNotFound` or `RequestDecided`."""
    links = Links(connection)
    request = await links.one(request_id)
    if request is None or request["user_id"] != user_id:
        raise RequestNotFound(request_id)
    if not await links.decide(request_id, "withdrawn", actor=f"user:{user_id}", reason=None, now=now):
        raise RequestDecided(request_id, request["status"])


async def approve(
    connection: AsyncConnection, request_id: int, *, reason: str, actor: str, now: datetime
) -> None:
    """Link the two of a request.

    Raises `RequestNotFound`, `RequestDecided`, `AlreadyLinked` or `PlayerTaken`.
    """
    links = Links(connection)
    request = await _pending(links, request_id)
    user_id, player_id = int(request["user_id"]), int(request["player_id"])
    if not await links.link(user_id, player_id, now=now):
        raise AlreadyLinked
    if not await links.decide(request_id, "approved", actor=actor, reason=reason, now=now):
        raise RequestDecided(request_id, "decided")
    details = {"user": user_id, "player": player_id, "request": request_id, "reason": reason}
    await _linked(connection, Act("user.linked", f"user:{user_id}", details), player_id, actor=actor, now=now)
    await tell_by_mail(connection, "mail.link_approved", user_id, now=now)


async def reject(
    connection: AsyncConnection, request_id: int, *, reason: str, actor: str, now: datetime
) -> None:
    """Do not link the two of a request. Raises `RequestNotFound` or `RequestDecided`."""
    links = Links(connection)
    request = await _pending(links, request_id)
    if not await links.decide(request_id, "rejected", actor=actor, reason=reason, now=now):
        raise RequestDecided(request_id, "decided")
    user_id = int(request["user_id"])
    await tell_by_mail(connection, "mail.link_rejected", user_id, now=now)
    await announce(connection, f"user:{user_id}")
    details = {"player": request["player_id"], "request": request_id, "reason": reason}
    await record(connection, [Act("user.link_rejected", f"user:{user_id}", details)], actor=actor, at=now)


async def unlink(
    connection: AsyncConnection, user_id: int, *, reason: str | None, actor: str, now: datetime
) -> None:
    """Undo a link; results keep what they say. Raises `UserNotFound` or `NotLinked`."""
    links = Links(connection)
    player_id = await links.unlink(user_id, now=now)
    if player_id is None:
        raise NotLinked if await links.has_account(user_id) else UserNotFound(user_id)
    details = {"player": player_id} | ({} if reason is None else {"reason": reason})
    act = Act("user.unlinked", f"user:{user_id}", details)
    await _linked(connection, act, player_id, actor=actor, now=now)


async def transfer(
    connection: AsyncConnection, player_id: int, user_id: int, *, reason: str, actor: str, now: datetime
) -> None:
    """Give a player who is linked to somebody else to this user, in one step.

    Raises `PersonNotFound`, `UserNotFound`, `NotLinked` or `AlreadyLinked`.
    """
    links = Links(connection)
    if not await links.has_player(player_id):
        raise PersonNotFound(str(player_id))
    if not await links.has_account(user_id):
        raise UserNotFound(user_id)
    holder = await links.holder(player_id)
    if holder is None or await links.unlink(holder, now=now) != player_id:
        raise NotLinked
    if not await links.link(user_id, player_id, now=now):
        raise AlreadyLinked
    await announce(connection, f"user:{holder}")
    details = {"player": player_id, "from": holder, "reason": reason}
    act = Act("user.link_transferred", f"user:{user_id}", details)
    await _linked(connection, act, player_id, actor=actor, now=now)


async def ask_for_signature(
    connection: AsyncConnection, request_id: int, user_id: int, *, now: datetime
) -> Signature:
    """Choose two amounts that prove a request of one's own, if they are wagered within a day.

    Raises `RequestNotFound`, `RequestDecided`, `TellsNothing` or `TooManyRequests`.
    """
    links = Links(connection)
    request = await links.one(request_id)
    if request is None or request["user_id"] != user_id:
        raise RequestNotFound(request_id)
    if request["status"] != "pending":
        raise RequestDecided(request_id, request["status"])
    if await links.asked_of(request["player_id"], now - _MONTH) >= _MOST_SIGNATURES:
        raise TooManyRequests(
            "This player was to be proved often enough this month; staff will look at the request.",
            retry_after=int(_MONTH.total_seconds()),
        )
    rises = await links.rises(request["player_id"], now - _MONTH)
    if not signatures.is_telling(rises):
        raise TellsNothing
    chosen = signatures.choose({rise.amount for rise in rises}, now=now, chance=SystemRandom())
    if not await links.add_signature(request_id, chosen):
        return _held(request)
    return chosen


async def recognize(connection: AsyncConnection, *, now: datetime) -> int:
    """Link those whose two amounts the readings have brought; return how many."""
    links, linked = Links(connection), 0
    for waiting in await links.waiting(now - signatures.WINDOW):
        rises = await links.rises(waiting["player_id"], waiting["starts_at"] - _MONTH)
        seen = recognized(_held(waiting), rises)
        if seen is None or await links.is_taken(waiting["player_id"]):
            continue
        await links.seen(waiting["request_id"], seen)
        await approve(
            connection,
            waiting["request_id"],
            reason="Proved by two wagers.",
            actor="worker",
            now=now,
        )
        linked += 1
    return linked


async def _linked(
    connection: AsyncConnection, act: Act, player_id: int, *, actor: str, now: datetime
) -> None:
    """Let the player's exclusions follow his account, tell every process, and record it all."""
    acts = [act, *await follow_account(connection, player_id, actor=actor, now=now)]
    await announce(connection, act.subject)
    await record(connection, acts, actor=actor, at=now)


async def _player(links: Links, wanted: LinkRequestCreate) -> int:
    found = await links.players(uid=wanted.goated_id, name=wanted.goated_username)
    said = wanted.goated_id or wanted.goated_username or ""
    if not found:
        raise PlayerNotKnown(said)
    if len(found) > 1:
        raise SeveralPlayers(said)
    return found[0]


async def _pending(links: Links, request_id: int) -> RowMapping:
    request = await links.one(request_id)
    if request is None:
        raise RequestNotFound(request_id)
    if request["status"] != "pending":
        raise RequestDecided(request_id, request["status"])
    return request


def _held(row: RowMapping) -> Signature:
    return Signature(row["first_amount"], row["second_amount"], row["starts_at"], row["ends_at"])
