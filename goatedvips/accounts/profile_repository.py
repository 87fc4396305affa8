from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

HELD = text("""
    SELECT id, username, bio, profile_color, privacy, version FROM users
     WHERE id = :id AND status <> 'erased' FOR NO KEY UPDATE
""")
KEEP_NAME = text("""
    INSERT INTO user_names (user_id, changed_at, username) VALUES (:id, :now, :username)
""")

_COLUMNS = ("username", "username_skeleton", "bio", "profile_color", "privacy")


class Profiles:
    """The faces of accounts. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def held(self, user_id: int) -> RowMapping | None:
        """Lock a profile until the transaction ends, and return it."""
        return (await self._connection.execute(HELD, {"id": user_id})).mappings().one_or_none()

    async def change(self, user_id: int, columns: dict[str, Any], *, version: int, now: datetime) -> bool:
        """Change these columns of a profile that is at this version; return False if it is at another."""
        assert columns.keys() <= set(_COLUMNS)  # noqa: S101 - they become part of the statement
        changes = ", ".join(f"{column} = :{column}" for column in columns)
        statement = text(
            f"UPDATE users SET {changes}, version = version + 1, last_updated = :now"
            " WHERE id = :id AND version = :version RETURNING id"
        )
        values = {**columns, "id": user_id, "version": version, "now": now}
        return await self._connection.scalar(statement, values) is not None

    async def keep_name(self, user_id: int, username: str, *, now: datetime) -> None:
        """Keep a name that somebody has no longer."""
        await self._connection.execute(KEEP_NAME, {"id": user_id, "username": username, "now": now})
