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
        SELECT id FROM outbox WHERE delivered_at IS NULL ORDER BY id LIMIT :many FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE outbox SET delivered_at = :now FROM waiting WHERE outbox.id = waiting.id
        RETURNING outbox.id, key, kind, subject, payload, created_at
    )
    SELECT * FROM taken ORDER BY id
""")

FORGET = text("DELETE FROM outbox WHERE delivered_at < :before")


class Outbox:
    """The outbox's rows. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, event: dict[str, Any], *, now: datetime) -> None:
        """Add an event unless one of its key is there."""
        await self._connection.execute(ADD, event | {"now": now})

    async def take(self, many: int, *, now: datetime) -> list[RowMapping]:
        """Mark the oldest events that nobody else delivers as delivered, and return them in order."""
        rows = await self._connection.execute(TAKE, {"many": many, "now": now})
        return list(rows.mappings())

    async def forget(self, before: datetime) -> int:
        """Delete what was delivered before; return how many."""
        return (await self._connection.execute(FORGET, {"before": before})).rowcount
