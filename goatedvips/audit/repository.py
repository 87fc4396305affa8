import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import Row, RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.chain import START, Act, Entry, Kept

# An arbitrary constant: it names the one lock under which entries are appended in turn.
TURN = text("SELECT pg_advisory_xact_lock(73402)")

HEAD = text("SELECT id, sha256 FROM audit_log ORDER BY id DESC LIMIT 1")

APPEND = text("""
    INSERT INTO audit_log (id, at, actor, action, subject, details, previous_sha256, sha256)
    SELECT new.id, :at, :actor, new.action, new.subject, CAST(new.details AS jsonb), new.previous, new.sha256
      FROM unnest(CAST(:ids AS bigint[]), CAST(:actions AS text[]), CAST(:subjects AS text[]),
                  CAST(:details AS text[]), CAST(:previous AS bytea[]), CAST(:hashes AS bytea[]))
           AS new(id, action, subject, details, previous, sha256)
""")

# Details as text and odd instants as null: what a forger may have put there must not stop the reading.
_READABLE = """
    actor, action, subject, details::text AS details,
    CASE WHEN at BETWEEN '0002-01-01Z' AND '9998-01-01Z' THEN at END AS at
"""
CHUNK = text(f"""
    SELECT id, previous_sha256, sha256, {_READABLE}
      FROM audit_log WHERE id > :after ORDER BY id LIMIT :many
""")
PAGE = text(f"""
    SELECT id, encode(previous_sha256, 'hex') AS previous_sha256, encode(sha256, 'hex') AS sha256, {_READABLE}
      FROM audit_log
     WHERE (CAST(:actor AS text) IS NULL OR actor = :actor)
       AND (CAST(:action AS text) IS NULL OR starts_with(action, :action))
       AND (CAST(:subject AS text) IS NULL OR subject = :subject)
       AND (CAST(:since AS timestamptz) IS NULL OR at >= :since)
       AND (CAST(:until AS timestamptz) IS NULL OR at < :until)
       AND (CAST(:after AS bigint) IS NULL OR id < :after)
     ORDER BY id DESC LIMIT :many
""")

UNATTESTED = text("""
    SELECT CAST(act.place AS int) - 1
      FROM unnest(CAST(:actions AS text[]), CAST(:subjects AS text[]), CAST(:details AS text[]))
           WITH ORDINALITY AS act(action, subject, details, place)
     WHERE NOT EXISTS (
           SELECT FROM audit_log AS entry
            WHERE entry.subject = act.subject AND entry.action = act.action
              AND entry.details @> CAST(act.details AS jsonb))
     ORDER BY act.place
""")


class AuditLog:
    """The log's rows. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take_turn(self) -> tuple[int, bytes]:
        """Wait until nobody else appends, to the end of the transaction; return the last number and hash."""
        await self._connection.execute(TURN)
        # A statement of its own: the one that waited does not see what it waited for.
        return await self.head()

    async def append(self, entries: Sequence[Entry], hashes: Sequence[bytes], *, at: datetime) -> None:
        """Add entries of one actor and instant, in one statement."""
        await self._connection.execute(
            APPEND,
            {
                "at": at,
                "actor": entries[0].actor,
                "ids": [entry.id for entry in entries],
                "actions": [entry.action for entry in entries],
                "subjects": [entry.subject for entry in entries],
                "details": [_json(entry.details) for entry in entries],
                "previous": [entry.previous for entry in entries],
                "hashes": list(hashes),
            },
        )

    async def unattested(self, acts: Sequence[Act]) -> list[int]:
        """Return the places of the acts that no entry attests."""
        values = {
            "actions": [act.action for act in acts],
            "subjects": [act.subject for act in acts],
            "details": [_json(act.details) for act in acts],
        }
        return list((await self._connection.execute(UNATTESTED, values)).scalars())

    async def head(self) -> tuple[int, bytes]:
        """Return the last entry's number and hash."""
        head = (await self._connection.execute(HEAD)).one_or_none()
        return (0, START) if head is None else (head.id, head.sha256)

    async def page(self, wanted: Mapping[str, Any], *, after: int | None, many: int) -> Sequence[RowMapping]:
        """Return the newest entries that are wanted and come after one."""
        values = {**wanted, "after": after, "many": many}
        return (await self._connection.execute(PAGE, values)).mappings().all()

    async def chunks(self, many: int) -> AsyncIterator[list[Kept]]:
        """Yield the whole log in order, so many entries at a time."""
        after = 0
        while rows := (await self._connection.execute(CHUNK, {"after": after, "many": many})).all():
            yield [_kept(row) for row in rows]
            after = rows[-1].id


def _json(details: Mapping[str, Any]) -> str:
    return rfc8785.dumps(dict(details)).decode()


def _kept(row: Row[Any]) -> Kept:
    entry = None
    with suppress(ValueError, RecursionError):
        details = json.loads(row.details)
        if row.at is not None and isinstance(details, dict):
            entry = Entry(
                id=row.id,
                at=row.at,
                actor=row.actor,
                action=row.action,
                subject=row.subject,
                details=details,
                previous=row.previous_sha256,
            )
    return Kept(row.id, entry, row.previous_sha256, row.sha256)
