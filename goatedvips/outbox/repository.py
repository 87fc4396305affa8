from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

ADD = text("""
    INSERT INTO outbox (key, kind, subject, payload, created_at, due_at)
    VALUES (:key, :kind, :subject, :payload, :now, :now)
    ON CONFLICT (key) DO NOTHING
""").bindparams(bindparam("payload", type_=JSONB))

# What another worker is about to deliver is left to him.
TAKE = text("""
    WITH waiting AS MATERIALIZED (
        SELECT id FROM outbox
         WHERE delivered_at IS NULL AND NOT starts_with(kind, :apart)
         ORDER BY due_at, id LIMIT :many FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE outbox SET delivered_at = :now FROM waiting WHERE outbox.id = waiting.id
        RETURNING outbox.id, key, kind, subject, payload, created_at
    )
    SELECT * FROM taken ORDER BY id
""")

NEXT = text("""
    SELECT id, key, kind, subject, payload, attempts FROM outbox
     WHERE delivered_at IS NULL AND starts_with(kind, :kinds) AND due_at <= :now
     ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
""")
# What it was about is nobody's business once it is told.
DELIVERED = text("UPDATE outbox SET delivered_at = :now, payload = '{}', error = NULL WHERE id = :id")
PUT_OFF = text("""
    UPDATE outbox SET attempts = attempts + 1, due_at = :due_at, error = :error WHERE id = :id
""")
GIVEN_UP = text("""
    UPDATE outbox SET attempts = attempts + 1, delivered_at = :now, payload = '{}', error = :error
     WHERE id = :id
""")


class Outbox:
    """The outbox's rows. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, event: dict[str, Any], *, now: datetime) -> None:
        """Add an event unless one of its key is there."""
        await self._connection.execute(ADD, event | {"now": now})

    async def take(self, many: int, *, now: datetime, apart: str) -> list[RowMapping]:
        """Mark the oldest events that nobody else delivers as delivered, and return them in order.

        Those whose kind begins with `apart` are delivered one by one.
        """
        rows = await self._connection.execute(TAKE, {"many": many, "now": now, "apart": apart})
        return list(rows.mappings())

    async def next(self, kinds: str, *, now: datetime) -> RowMapping | None:
        """Lock the next event that is due and whose kind begins so, and return it."""
        values = {"kinds": kinds, "now": now}
        return (await self._connection.execute(NEXT, values)).mappings().one_or_none()

    async def delivered(self, event_id: int, *, now: datetime) -> None:
        """Mark an event as delivered."""
        await self._connection.execute(DELIVERED, {"id": event_id, "now": now})

    async def put_off(self, event_id: int, *, until: datetime, error: str) -> None:
        """Have an event tried again later."""
        await self._connection.execute(PUT_OFF, {"id": event_id, "due_at": until, "error": error})

    async def give_up(self, event_id: int, *, now: datetime, error: str) -> None:
        """Try an event no more."""
        await self._connection.execute(GIVEN_UP, {"id": event_id, "now": now, "error": error})
