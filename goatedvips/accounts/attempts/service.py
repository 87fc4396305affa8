"""Counting tries before they are made, so that many at once are no more than one after the other."""

import hashlib
from datetime import datetime
from math import ceil
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.attempts.limits import Limit
from goatedvips.accounts.attempts.repository import Attempts
from goatedvips.kit.errors import TooManyRequests

Kind = Literal["sign_in", "register", "mail", "export"]


class TriedTooOften(TooManyRequests):
    """Somebody tried this too often of late."""

    code = "tried_too_often"

    def __init__(self, free_at: datetime, now: datetime) -> None:
        seconds = max(1, ceil((free_at - now).total_seconds()))
        super().__init__(
            f"This was tried too often; it can be tried again in {ceil(seconds / 60)} minute(s).",
            retry_after=seconds,
        )


async def take(
    connection: AsyncConnection,
    kind: Kind,
    subject: str,
    *,
    limit: Limit,
    now: datetime,
    device: int | None = None,
    address: str | None = None,
) -> int:
    """Count one try at a subject, by a browser it knows or by strangers; return its number.

    Raises `TriedTooOften`, the same for subjects that are nothing here.
    """
    attempts, hashed = Attempts(connection), _hashed(subject)
    await attempts.take_turn(hashed)
    recent = await attempts.at_subject(kind, hashed, device=device, since=limit.since(now), most=limit.tries)
    if (free_at := limit.free_at(recent)) is not None:
        raise TriedTooOften(free_at, now)
    return await attempts.add(kind, hashed, device=device, address=address, now=now)


async def watch_address(
    connection: AsyncConnection, kind: Kind, address: str | None, *, limit: Limit, now: datetime
) -> None:
    """Raise `TriedTooOften` if too many tries came from an address. One of None is not counted by."""
    if address is None:
        return
    recent = await Attempts(connection).from_address(kind, address, since=limit.since(now), most=limit.tries)
    if (free_at := limit.free_at(recent)) is not None:
        raise TriedTooOften(free_at, now)


async def forget(connection: AsyncConnection, attempt: int) -> None:
    """Let a try go that was right."""
    await Attempts(connection).forget(attempt)


def _hashed(subject: str) -> bytes:
    return hashlib.sha256(subject.casefold().encode("utf-8", "replace")).digest()
