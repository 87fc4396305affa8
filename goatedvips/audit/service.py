"""Who did what: appended to a chain in which each entry's hash covers the one before."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.chain import Act, Entry, Walk
from goatedvips.audit.repository import AuditLog

__all__ = ["Act", "Verdict", "record", "unattested", "verify"]

_CHUNK = 250
"""Entries in memory while the log is verified."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the log holds, and in sentences what does not hold of it."""

    entries: int
    head: str
    """The last entry's hash in hexadecimal: noted elsewhere, it shows later that nothing was removed."""
    findings: list[str]


async def record(connection: AsyncConnection, acts: Sequence[Act], *, actor: str, at: datetime) -> None:
    """Append the acts in order. Everybody else who appends waits until this transaction ends: do it last.

    Raise `ValueError` for details that no hash can cover.
    """
    if not acts:
        return
    log = AuditLog(connection)
    number, previous = await log.take_turn()
    entries, hashes = [], []
    for number_after, act in enumerate(acts, number + 1):
        entry = Entry(number_after, at, actor, act.action, act.subject, act.details, previous)
        previous = entry.sha256()
        entries.append(entry)
        hashes.append(previous)
    await log.append(entries, hashes, at=at)


async def unattested(connection: AsyncConnection, acts: Sequence[Act]) -> list[Act]:
    """Return the acts that no entry attests: none of the same action and subject holds all these details.

    For features that hold what they keep against the log, like a race its proofs.
    """
    return [acts[place] for place in await AuditLog(connection).unattested(acts)] if acts else []


async def verify(connection: AsyncConnection, *, head: str | None = None) -> Verdict:
    """Recompute every hash; look for what was changed, removed or put in another order.

    A chain that was cut at its end, or written anew as a whole, looks sound by itself: only a `head` that
    was noted before shows it.
    """
    walk = Walk(expected=None if head is None else bytes.fromhex(head))
    async for chunk in AuditLog(connection).chunks(_CHUNK):
        # A process that serves must not stand still for as long as hashing takes.
        await asyncio.to_thread(walk.follow, chunk)
    return Verdict(walk.entries, walk.head.hex(), walk.conclusions())
