"""Hearing what other processes announce."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import structlog

from goatedvips.realtime.announce import CHANNEL

log = structlog.get_logger(__name__)


class Listener:
    """LISTEN on a direct connection, with polling as the safety net.

    A pooler or a standby delivers no notifications, and a connection may break: so a wake-up comes at
    least every `poll_seconds`, whether somebody announced something or not.
    """

    def __init__(self, dsn: str, *, poll_seconds: float = 10) -> None:
        self._dsn = dsn
        self._poll_seconds = poll_seconds

    async def wakes(self) -> AsyncIterator[str | None]:
        """Yield an announcement, or None when it is time to look without one. Never ends by itself."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._dsn, autocommit=True, connect_timeout=10, application_name="goatedvips listener"
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    # What was announced before we listened went unheard.
                    yield None
                    while True:
                        heard = None
                        async for notify in connection.notifies(timeout=self._poll_seconds, stop_after=1):
                            heard = notify.payload
                        yield heard
            except (psycopg.Error, OSError) as error:
                # Also what a standby or a pooler answers to LISTEN: then looking now and then must do.
                log.warning("listener.disconnected", error=str(error).strip())
                await asyncio.sleep(min(1, self._poll_seconds))
                yield None
