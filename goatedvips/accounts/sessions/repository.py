from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

ADD = text("""
    INSERT INTO user_sessions (user_id, token_sha256, created_at, authenticated_at, last_seen_at, expires_at,
                               address, user_agent)
    VALUES (:user_id, :token, :now, :now, :now, :expires_at, :address, :user_agent)
    RETURNING id
""")
BY_TOKEN = text("""
    SELECT session.*, person.username, person.role, person.status
      FROM user_sessions AS session JOIN users AS person ON person.id = session.user_id
     WHERE session.token_sha256 = :token
""")
NOTE_USE = text("UPDATE user_sessions SET last_seen_at = :now WHERE id = :id")
RENEW = text("""
    UPDATE user_sessions SET token_sha256 = :token, authenticated_at = :now, last_seen_at = :now
     WHERE id = :id RETURNING id
""")
OF_USER = text("""
    SELECT id, created_at, last_seen_at, expires_at, address, user_agent FROM user_sessions
     WHERE user_id = :user_id ORDER BY last_seen_at DESC
""")
END = text("DELETE FROM user_sessions WHERE user_id = :user_id AND id = :id RETURNING id")
END_ALL = text("""
    DELETE FROM user_sessions WHERE user_id = :user_id AND id IS DISTINCT FROM :but RETURNING id
""")
LIVING = text("""
    SELECT id FROM user_sessions WHERE id = ANY(CAST(:ids AS bigint[])) AND expires_at > :now
""")

DEVICE = text("SELECT id, user_id FROM user_devices WHERE token_sha256 = :token")
ADD_DEVICE = text("""
    INSERT INTO user_devices (user_id, token_sha256, last_used_at) VALUES (:user_id, :token, :now)
    RETURNING id
""")
USE_DEVICE = text("UPDATE user_devices SET last_used_at = :now WHERE id = :id")
FORGET_DEVICES = text("DELETE FROM user_devices WHERE user_id = :user_id")


class Sessions:
    """Browsers that are signed in, and those that have been. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, values: dict[str, Any]) -> int:
        """Open a session; return its number."""
        return int(await self._connection.scalar(ADD, values) or 0)

    async def by_token(self, token: bytes) -> RowMapping | None:
        """Return a session with whose it is."""
        return (await self._connection.execute(BY_TOKEN, {"token": token})).mappings().one_or_none()

    async def note_use(self, session_id: int, now: datetime) -> None:
        """Write down that it is used."""
        await self._connection.execute(NOTE_USE, {"id": session_id, "now": now})

    async def renew(self, session_id: int, token: bytes, now: datetime) -> bool:
        """Give a session another token, whose holder has just proved who he is."""
        values = {"id": session_id, "token": token, "now": now}
        return await self._connection.scalar(RENEW, values) is not None

    async def of_user(self, user_id: int) -> Sequence[RowMapping]:
        """Return somebody's sessions, the last used first."""
        return (await self._connection.execute(OF_USER, {"user_id": user_id})).mappings().all()

    async def end(self, user_id: int, session_id: int) -> bool:
        """End one of somebody's sessions; return False if it is none of his."""
        return await self._connection.scalar(END, {"user_id": user_id, "id": session_id}) is not None

    async def end_all(self, user_id: int, *, but: int | None = None) -> list[int]:
        """End somebody's sessions, except for one; return their numbers."""
        values = {"user_id": user_id, "but": but}
        return list((await self._connection.execute(END_ALL, values)).scalars())

    async def living(self, session_ids: Collection[int], *, now: datetime) -> set[int]:
        """Return which of these sessions have not ended."""
        values = {"ids": list(session_ids), "now": now}
        return set((await self._connection.execute(LIVING, values)).scalars())

    async def device(self, token: bytes) -> RowMapping | None:
        """Return a browser that has signed in before."""
        return (await self._connection.execute(DEVICE, {"token": token})).mappings().one_or_none()

    async def add_device(self, user_id: int, token: bytes, now: datetime) -> None:
        """Remember a browser."""
        await self._connection.execute(ADD_DEVICE, {"user_id": user_id, "token": token, "now": now})

    async def use_device(self, device_id: int, now: datetime) -> None:
        """Write down that a remembered browser signed in again."""
        await self._connection.execute(USE_DEVICE, {"id": device_id, "now": now})

    async def forget_devices(self, user_id: int) -> None:
        """Forget all browsers of somebody."""
        await self._connection.execute(FORGET_DEVICES, {"user_id": user_id})
