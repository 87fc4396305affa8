"""What a serving process keeps up to date for those who watch: boards, races, everybody's own account."""

import asyncio
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.accounts.identity import Identity
from goatedvips.accounts.sessions.service import SIGNED_OUT
from goatedvips.accounts.topics import AccountTopics
from goatedvips.kit.windows import Period
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.leaderboards.topics import LeaderboardTopics
from goatedvips.leaderboards.topics import snapshot as board_snapshot
from goatedvips.races.keeper import RaceKeeper
from goatedvips.races.topics import RaceTopics
from goatedvips.realtime.hub import Hub
from goatedvips.realtime.listener import Listener
from goatedvips.realtime.topics import LEADERBOARDS, MY_TOPIC, Frame, Viewer, shown

log = structlog.get_logger(__name__)

_REPLICA_LAG = 0.25
_REPLICA_LOOKS = 20
"""Five seconds in all: a replica that is further behind is looked at again at the listener's next wake."""


@dataclass(slots=True)
class Live:
    """The boards and races of one process, and whoever watches them."""

    engine: AsyncEngine
    boards: BoardKeeper
    races: RaceKeeper
    board_topics: LeaderboardTopics
    race_topics: RaceTopics
    account_topics: AccountTopics
    hub: Hub

    async def catch_up(self, heard: str | None) -> None:
        """Refresh; after the announcement of a run, until it is seen or a replica has had its time."""
        kind, _, number = (heard or "").partition(":")
        if kind == SIGNED_OUT:
            self.hub.sign_out(lambda viewer: _session(viewer) == int(number))
            return
        await self.refresh()
        if kind == "user":
            await self.account_topics.publish(int(number), self.hub)
        if heard is None:
            await self._see_out()
        for _ in range(_REPLICA_LOOKS):
            if kind != "run" or self.boards.boards.number >= int(number):
                return
            await asyncio.sleep(_REPLICA_LAG)
            await self.refresh()

    async def refresh(self) -> None:
        """Take in what happened since the last time, from one state of the database, and tell watchers."""
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            boards = await self.boards.refresh(connection)
            await self.races.refresh(connection, boards)
        self.board_topics.publish(boards, self.hub)
        await self.race_topics.publish(self.hub)

    async def follow(self, listener: Listener) -> None:
        """Refresh at every announcement, for ever; a failure is logged and the next announcement tried."""
        async for heard in listener.wakes():
            try:
                await self.catch_up(heard)
            except (SQLAlchemyError, OSError) as error:
                log.warning("refresh.failed", heard=heard, error=str(error).splitlines()[0])
            except Exception:
                log.exception("refresh.crashed", heard=heard)

    async def snapshot(self, topic: str) -> Frame | None:
        """Return the present frame of a topic, or None if there is none."""
        if topic in LEADERBOARDS:
            return board_snapshot(self.boards.boards, Period(topic.partition(":")[2]))
        if shown(topic) == MY_TOPIC:
            return await self.account_topics.snapshot(int(topic.partition(":")[2]))
        return await self.race_topics.snapshot(topic)

    def may_watch(self, topic: str, viewer: Viewer | None) -> bool:
        """Everything but `me` is public."""
        return topic != MY_TOPIC or viewer is not None

    async def _see_out(self) -> None:
        """Sign out those whose sessions have ended without a word that we heard."""
        sessions = {session for viewer in self.hub.viewers() if (session := _session(viewer)) is not None}
        if sessions:
            gone = sessions - await self.account_topics.living(sessions)
            self.hub.sign_out(lambda viewer: _session(viewer) in gone)


def _session(viewer: Viewer) -> int | None:
    return viewer.session_id if isinstance(viewer, Identity) else None
