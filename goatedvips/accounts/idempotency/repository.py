from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

# Whoever sends the same key meanwhile waits here until this transaction ends. A key that is too old is free.
TAKE = text("""
    INSERT INTO idempotency_keys AS held (user_id, key, request_sha256, created_at)
    VALUES (:user_id, :key, :sha256, :now)
    ON CONFLICT (user_id, key) DO UPDATE
       SET request_sha256 = EXCLUDED.request_sha256, created_at = EXCLUDED.created_at,
           status = NULL, headers = NULL, body = NULL
     WHERE held.created_at <= :ended
    RETURNING key
""")
KEEP = text("""
    UPDATE idempotency_keys SET status = :status, headers = :headers, body = :body
     WHERE user_id = :user_id AND key = :key
""").bindparams(bindparam("headers", type_=JSONB))
HELD = text("""
    SELECT request_sha256, status, headers, body FROM idempotency_keys WHERE user_id = :user_id AND key = :key
""")


class IdempotencyKeys:
    """Keys under which somebody has had something done, each with the first answer. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, user_id: int, key: str, *, sha256: bytes, now: datetime, ended: datetime) -> bool:
        """Take a key for a request; return False if it is taken, by one that was made after `ended`."""
        values = {"user_id": user_id, "key": key, "sha256": sha256, "now": now, "ended": ended}
        return await self._connection.scalar(TAKE, values) is not None

    async def keep(
        self, user_id: int, key: str, *, status: int, headers: dict[str, Any], body: bytes
    ) -> None:
        """Keep the answer to the request that has taken a key."""
        values = {"user_id": user_id, "key": key, "status": status, "headers": headers, "body": body}
        await self._connection.execute(KEEP, values)

    async def held(self, user_id: int, key: str) -> RowMapping:
        """Return the request that has taken a key, and its answer."""
        return (await self._connection.execute(HELD, {"user_id": user_id, "key": key})).mappings().one()
