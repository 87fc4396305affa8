"""The audit log as administrators read and verify it."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.audit import reading
from goatedvips.audit.reading import Wanted
from goatedvips.audit.service import Verdict, verify
from goatedvips.audit_log.schemas import (
    AuditChain,
    AuditLogEntry,
    AuditLogFilter,
    AuditLogPage,
    AuditLogQuery,
    AuditVerdict,
    AuditVerified,
)
from goatedvips.kit.cursors import Place, cut, read_cursor

COLUMNS = tuple(AuditLogEntry.model_fields)

_MOST_FINDINGS = 100
"""Shown of them: where a chain was written anew, every entry is one."""


async def page(connection: AsyncConnection, query: AuditLogQuery) -> AuditLogPage:
    """Return a page of the log, newest first; raise `BadInput` for a cursor that is none of ours."""
    rows = await entries(connection, query, after=read_cursor(query.cursor), many=query.limit + 1)
    shown, following = cut(rows, query.limit, place=place)
    return AuditLogPage(
        data=[AuditLogEntry(**{**row, "details": _read(row["details"])}) for row in shown],
        next_cursor=following,
        chain=await _chain(connection),
    )


async def entries(
    connection: AsyncConnection, wanted: AuditLogFilter, *, after: Place | None, many: int
) -> Sequence[RowMapping]:
    """Return the newest entries that are wanted and come after a place."""
    given = Wanted(wanted.actor, wanted.action, wanted.subject, wanted.from_, wanted.to)
    return await reading.entries(connection, given, after=None if after is None else after[0], many=many)


async def verified(engine: AsyncEngine, head: str | None) -> Verdict:
    """Recompute the whole chain, as it is at one moment."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return await verify(connection, head=head)


def verdict_view(verdict: Verdict) -> AuditVerdict:
    """Show what was found."""
    return AuditVerdict(
        holds=not verdict.findings,
        entries=verdict.entries,
        head=verdict.head,
        findings=verdict.findings[:_MOST_FINDINGS],
        finding_count=len(verdict.findings),
    )


def place(row: RowMapping) -> Place:
    """Return where an entry stands."""
    return (row["id"],)


async def _chain(connection: AsyncConnection) -> AuditChain:
    chain, last = await reading.chain(connection), await reading.last_verified(connection)
    shown = None if last is None else _verified(last)
    return AuditChain(entries=chain.entries, head=chain.head, verified=shown)


def _verified(entry: RowMapping) -> AuditVerified | None:
    with suppress(ValueError, TypeError):
        return AuditVerified(at=entry["at"], actor=entry["actor"], **_read(entry["details"]))
    # Somebody changed it: verifying again will say so.
    return None


def _read(details: str) -> Any:  # noqa: ANN401 - whatever JSON can say
    with suppress(ValueError, RecursionError):
        return json.loads(details)
    return None
