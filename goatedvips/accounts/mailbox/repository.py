from datetime import datetime
from typing import Literal

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

Purpose = Literal["verify_email", "reset_password"]

ADD = text("""
    INSERT INTO user_tokens (sha256, user_id, purpose, email, created_at, expires_at)
    VALUES (:sha256, :user_id, :purpose, :email, :now, :expires_at)
""")
USE = text("""
    UPDATE user_tokens SET used_at = :now
     WHERE sha256 = :sha256 AND purpose = :purpose AND used_at IS NULL AND expires_at > :now
    RETURNING user_id, email
""")
PEEK = text("""
    SELECT user_id, email FROM user_tokens
     WHERE sha256 = :sha256 AND purpose = :purpose AND used_at IS NULL AND expires_at > :now
""")
# A newer mail does not make an older one worthless before it is read; but one that was used does.
RETIRE = text("""
    UPDATE user_tokens SET used_at = :now
     WHERE user_id = :user_id AND purpose = :purpose AND used_at IS NULL
""")


class MailedTokens:
    """What mails hold so that their readers can show that the address is theirs. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, sha256: bytes, user_id: int, *, purpose: Purpose, email: str, now: datetime, until: datetime
    ) -> None:
        """Keep a token's hash."""
        values = {"sha256": sha256, "user_id": user_id, "purpose": purpose, "email": email}
        await self._connection.execute(ADD, {**values, "now": now, "expires_at": until})

    async def use(self, sha256: bytes, purpose: Purpose, *, now: datetime) -> RowMapping | None:
        """Take a token, once, and with it all others of its user and purpose; None if it is not good."""
        values = {"sha256": sha256, "purpose": purpose, "now": now}
        row = (await self._connection.execute(USE, values)).mappings().one_or_none()
        if row is not None:
            await self.retire(row["user_id"], purpose, now=now)
        return row

    async def peek(self, sha256: bytes, purpose: Purpose, *, now: datetime) -> RowMapping | None:
        """Return whose a token is, without taking it; None if it is not good."""
        values = {"sha256": sha256, "purpose": purpose, "now": now}
        return (await self._connection.execute(PEEK, values)).mappings().one_or_none()

    async def retire(self, user_id: int, purpose: Purpose, *, now: datetime) -> None:
        """Let all tokens of a user and purpose be worth nothing."""
        await self._connection.execute(RETIRE, {"user_id": user_id, "purpose": purpose, "now": now})
