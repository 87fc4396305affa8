"""Having a mail sent to somebody, if and when the transaction commits."""

from datetime import datetime
from secrets import token_hex

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.outbox.service import Event, tell
from goatedvips.realtime.announce import announce


async def tell_by_mail(connection: AsyncConnection, kind: str, user_id: int, *, now: datetime) -> None:
    """Have a user told by mail; it is written when it is sent, so that nothing secret waits here."""
    event = Event(f"{kind}:{token_hex(8)}", kind, f"user:{user_id}", {"user": user_id})
    await tell(connection, event, now=now)
    await announce(connection, "mail")


async def tell_address(connection: AsyncConnection, kind: str, email: str, *, now: datetime) -> None:
    """Have whoever has an address told by mail; whether anybody has is looked up when it is sent."""
    event = Event(f"{kind}:{token_hex(8)}", kind, "address", {"email": email})
    await tell(connection, event, now=now)
    await announce(connection, "mail")
