from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

_SHOWN = "id, user_id, name, hint, scopes, created_at, expires_at, last_used_at, revoked_at"

ADD = text(f"""
    INSERT INTO api_keys (user_id, name, hint, token_sha256, scopes, created_at, expires_at)
    VALUES (:user_id, :name, :hint, :token, :scopes, :now, :expires_at)
    RETURNING {_SHOWN}
""")
BY_TOKEN = text("""
    SELECT key.*, person.username, person.role, person.status
      FROM api_keys AS key JOIN users AS person ON person.id = key.user_id
     WHERE key.token_sha256 = :token
""")
NOTE_USE = text("UPDATE api_keys SET last_used_at = :now WHERE id = :id")
LIST = text(f"""
    SELECT {_SHOWN} FROM api_keys
     WHERE revoked_at IS NULL AND (CAST(:user_id AS bigint) IS NULL OR user_id = :user_id) ORDER BY id DESC
""")
REVOKE = text(f"""
    UPDATE api_keys SET revoked_at = :now
     WHERE id = :id AND revoked_at IS NULL AND (CAST(:user_id AS bigint) IS NULL OR user_id = :user_id)
    RETURNING {_SHOWN}
""")
REVOKE_ALL = text("UPDATE api_keys SET revoked_at = :now WHERE user_id = :user_id AND revoked_at IS NULL")
COUNT = text("SELECT count(*) FROM api_keys WHERE user_id = :user_id AND revoked_at IS NULL")


class ApiKeys:
    """Programs that act for somebody. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, values: dict[str, Any]) -> RowMapping:
        """Keep a key's hash; return the key as it is shown."""
        return (await self._connection.execute(ADD, values)).mappings().one()

    async def by_token(self, token: bytes) -> RowMapping | None:
        """Return a key with whose it is."""
        return (await self._connection.execute(BY_TOKEN, {"token": token})).mappings().one_or_none()

    async def note_use(self, key_id: int, now: datetime) -> None:
        """Write down that it is used."""
        await self._connection.execute(NOTE_USE, {"id": key_id, "now": now})

    async def listed(self, user_id: int | None) -> Sequence[RowMapping]:
        """Return somebody's keys, or everybody's for None, that were not revoked; newest first."""
        return (await self._connection.execute(LIST, {"user_id": user_id})).mappings().all()

    async def count(self, user_id: int) -> int:
        """Return how many keys somebody has that were not revoked."""
        return int(await self._connection.scalar(COUNT, {"user_id": user_id}) or 0)

    async def revoke(self, key_id: int, user_id: int | None, *, now: datetime) -> RowMapping | None:
        """Revoke a key, of somebody or, for None, of anybody; None if there is none."""
        values = {"id": key_id, "user_id": user_id, "now": now}
        return (await self._connection.execute(REVOKE, values)).mappings().one_or_none()

    async def revoke_all(self, user_id: int, *, now: datetime) -> None:
        """Revoke all keys of somebody."""
        await self._connection.execute(REVOKE_ALL, {"user_id": user_id, "now": now})
