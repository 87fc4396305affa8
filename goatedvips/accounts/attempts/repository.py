from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Those who try the same at once count one after the other.
TURN = text("SELECT pg_advisory_xact_lock(73403, hashtext(encode(:subject, 'hex')))")

OF_SUBJECT = text("""
    SELECT at FROM login_attempts
     WHERE kind = :kind AND subject_sha256 = :subject AND device_id IS NOT DISTINCT FROM :device
       AND at > :since
     ORDER BY at DESC LIMIT :most
""")
OF_ADDRESS = text("""
    SELECT at FROM login_attempts
     WHERE kind = :kind AND address = :address AND at > :since
     ORDER BY at DESC LIMIT :most
""")
ADD = text("""
    INSERT INTO login_attempts (kind, subject_sha256, device_id, address, at)
    VALUES (:kind, :subject, :device, :address, :now) RETURNING id
""")
FORGET = text("DELETE FROM login_attempts WHERE id = :id")


class Attempts:
    """Tries at what strangers may try only so often. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take_turn(self, subject: bytes) -> None:
        """Wait until nobody else counts tries at this subject, to the end of the transaction."""
        await self._connection.execute(TURN, {"subject": subject})

    async def at_subject(
        self, kind: str, subject: bytes, *, device: int | None, since: datetime, most: int
    ) -> Sequence[datetime]:
        """Return the newest tries at a subject by a known browser, or by strangers for None; newest first."""
        values = {"kind": kind, "subject": subject, "device": device, "since": since, "most": most}
        return (await self._connection.execute(OF_SUBJECT, values)).scalars().all()

    async def from_address(
        self, kind: str, address: str, *, since: datetime, most: int
    ) -> Sequence[datetime]:
        """Return the newest tries from an address, newest first."""
        values = {"kind": kind, "address": address, "since": since, "most": most}
        return (await self._connection.execute(OF_ADDRESS, values)).scalars().all()

    async def add(
        self, kind: str, subject: bytes, *, device: int | None, address: str | None, now: datetime
    ) -> int:
        """Keep a try; return its number."""
        values = {"kind": kind, "subject": subject, "device": device, "address": address, "now": now}
        return int(await self._connection.scalar(ADD, values) or 0)

    async def forget(self, attempt: int) -> None:
        """Let a try go that was none: whoever made it was right."""
        await self._connection.execute(FORGET, {"id": attempt})
