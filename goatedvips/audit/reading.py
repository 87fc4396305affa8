"""Looking at who did what, and at the state of the chain."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.chain import Act
from goatedvips.audit.repository import AuditLog
from goatedvips.audit.service import Verdict, record

_VERIFIED = Act("audit.verified", "audit_log", {})
"""That somebody verified the log is in it as well: what the chain was then, the chain itself says."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: all that is given must hold. Of the action, how it begins."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """How many entries there are, and the last one's hash in hexadecimal."""

    entries: int
    head: str


async def entries(
    connection: AsyncConnection, wanted: Wanted, *, after: int | None, many: int
) -> Sequence[RowMapping]:
    """Return the newest entries that are wanted and come after one; their details as the text of JSON.

    An instant that no entry of ours can have is null.
    """
    return await AuditLog(connection).page(asdict(wanted), after=after, many=many)


async def chain(connection: AsyncConnection) -> Chain:
    """Return the state of the chain, by its last entry: whether all before it hold, `verify` finds out."""
    number, head = await AuditLog(connection).head()
    return Chain(number, head.hex())


async def note_verified(connection: AsyncConnection, verdict: Verdict, *, actor: str, at: datetime) -> None:
    """Write down that somebody verified the log, and what he found. Do it last."""
    found = {"entries": verdict.entries, "head": verdict.head, "findings": len(verdict.findings)}
    await record(connection, [Act(_VERIFIED.action, _VERIFIED.subject, found)], actor=actor, at=at)


async def last_verified(connection: AsyncConnection) -> RowMapping | None:
    """Return the entry of the last time that somebody verified the log."""
    wanted = Wanted(action=_VERIFIED.action, subject=_VERIFIED.subject)
    rows = await AuditLog(connection).page(asdict(wanted), after=None, many=1)
    return rows[0] if rows else None
