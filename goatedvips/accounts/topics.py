"""One's own account, as it travels live to nobody but oneself."""

from collections.abc import Collection

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.accounts.errors import UserNotFound
from goatedvips.accounts.service import account_view
from goatedvips.accounts.sessions.repository import Sessions
from goatedvips.kit.clock import Clock
from goatedvips.realtime.hub import Hub
from goatedvips.realtime.topics import MY_TOPIC, Frame


class AccountTopics:
    """Makes the frames of `me`. Its engine acts as the program itself."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def publish(self, user_id: int, hub: Hub) -> None:
        """Send somebody his account as it is now, if he watches it here."""
        topic = f"{MY_TOPIC}:{user_id}"
        if hub.watching(topic) and (frame := await self.snapshot(user_id)) is not None:
            hub.publish(frame)

    async def snapshot(self, user_id: int) -> Frame | None:
        """Return somebody's account as it is now; None if there is no such account."""
        try:
            async with self._engine.begin() as connection:
                view = await account_view(connection, user_id, now=self._clock())
        except UserNotFound:
            return None
        message = {
            "type": "ME_UPDATE",
            "topic": MY_TOPIC,
            "version": view.version,
            "data": msgspec.Raw(view.model_dump_json(by_alias=True).encode()),
        }
        return Frame(f"{MY_TOPIC}:{user_id}", view.version, msgspec.json.encode(message).decode())

    async def living(self, session_ids: Collection[int]) -> set[int]:
        """Return which of these sessions have not ended."""
        async with self._engine.begin() as connection:
            return await Sessions(connection).living(session_ids, now=self._clock())
