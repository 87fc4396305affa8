"""Telling every process that something changed, if and when the transaction commits."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

CHANNEL = "goatedvips"

_NOTIFY = text("SELECT pg_notify(:channel, :message)")


async def announce(connection: AsyncConnection, message: str) -> None:
    """Announce a change. The message says what, in ids only: a payload holds less than 8,000 bytes.

    Whoever hears it reads the news from the database, so that a lost message loses nothing.
    """
    await connection.execute(_NOTIFY, {"channel": CHANNEL, "message": message})
