"""The web application: what one API process serves, and what it keeps up to date."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.middleware.cors import CORSMiddleware

from goatedvips import __version__
from goatedvips.health import HealthEndpoints
from goatedvips.kit import problems
from goatedvips.kit.clock import Clock, utc_now
from goatedvips.kit.postgres import create_engine, libpq_url
from goatedvips.kit.requests import RequestMiddleware
from goatedvips.kit.site import Site
from goatedvips.kit.windows import Period
from goatedvips.leaderboards.endpoints import LeaderboardEndpoints
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.leaderboards.past import PastBoards
from goatedvips.leaderboards.standings import BoardStandings
from goatedvips.leaderboards.topics import LeaderboardTopics
from goatedvips.leaderboards.topics import snapshot as board_snapshot
from goatedvips.players.endpoints import PlayerEndpoints
from goatedvips.players.service import PlayerService
from goatedvips.races.administration import RaceAdministration
from goatedvips.races.calendar_feed.endpoints import CalendarEndpoints
from goatedvips.races.endpoints import RaceEndpoints
from goatedvips.races.keeper import RaceKeeper
from goatedvips.races.reading import RaceReader
from goatedvips.races.settlement.endpoints import ProofEndpoints
from goatedvips.races.settlement.repository import Results
from goatedvips.races.topics import RaceTopics
from goatedvips.realtime.endpoints import routes
from goatedvips.realtime.hub import Hub
from goatedvips.realtime.listener import Listener
from goatedvips.realtime.options import RealtimeOptions
from goatedvips.realtime.topics import LEADERBOARDS, MY_TOPIC, Frame, Viewer
from goatedvips.settings import Settings

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
    hub: Hub

    async def catch_up(self, heard: str | None) -> None:
        """Refresh; after the announcement of a run, until it is seen or a replica has had its time."""
        await self.refresh()
        kind, _, number = (heard or "").partition(":")
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
        return await self.race_topics.snapshot(topic)

    def may_watch(self, topic: str, viewer: Viewer | None) -> bool:
        """Everything but `me` is public."""
        return topic != MY_TOPIC or viewer is not None


def create_app(settings: Settings, dsn: str, *, clock: Clock = utc_now) -> FastAPI:
    """Put the application together; it loads its boards when it starts."""
    engine = create_engine(_reading_dsn(settings, dsn), pool_size=10, application_name="goatedvips api")
    writing = create_engine(dsn, pool_size=2, application_name="goatedvips api")
    boards, races, hub = BoardKeeper(), RaceKeeper(), Hub()
    reader = RaceReader(races, boards, engine, clock)
    live = Live(engine, boards, races, LeaderboardTopics(), RaceTopics(races, reader), hub)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(live.follow(Listener(libpq_url(dsn))))
        try:
            yield
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            await hub.close()
            await engine.dispose()
            await writing.dispose()

    async def races_won(player_id: int) -> int:
        async with engine.connect() as connection:
            return await Results(connection).won_by(player_id)

    app = FastAPI(
        title="GoatedVIPs",
        version=__version__,
        summary="Live leaderboards and wager races",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=problems.RESPONSES,
        separate_input_output_schemas=False,
    )
    problems.install(app)
    people = PlayerService(engine, BoardStandings(boards), races_won, clock)
    health = HealthEndpoints(
        boards,
        engine,
        hub.counts,
        clock,
        stale_after=timedelta(seconds=3 * settings.goatedvips_sync_interval),
    )
    for endpoints in (
        health,
        LeaderboardEndpoints(boards, PastBoards(boards, engine, clock), engine),
        PlayerEndpoints(people),
        RaceEndpoints(reader),
        CalendarEndpoints(engine, public_url=settings.goatedvips_public_url),
        ProofEndpoints(engine),
        RaceAdministration(writing, reader, token=settings.goatedvips_admin_token, clock=clock),
    ):
        app.include_router(endpoints.router())
    app.router.routes.extend(routes(hub, live, _realtime_options(settings, clock)))
    app.router.default = Site()
    app.state.hub = hub
    _install_middleware(app, settings)
    return app


def _reading_dsn(settings: Settings, dsn: str) -> str:
    replica = settings.read_database_url
    return replica.get_secret_value() if replica else dsn


def _realtime_options(settings: Settings, clock: Clock) -> RealtimeOptions:
    return RealtimeOptions(
        allowed_origins=frozenset(_origins(settings)),
        clock=clock,
        max_connections=settings.goatedvips_max_sockets,
        max_per_address=settings.goatedvips_max_sockets_per_address,
    )


def _origins(settings: Settings) -> list[str]:
    own = [settings.goatedvips_public_url.rstrip("/")] if settings.goatedvips_public_url else []
    return [*settings.goatedvips_cors_origins, *own]


def _install_middleware(app: FastAPI, settings: Settings) -> None:
    if settings.goatedvips_cors_origins:
        exposed: list[Any] = ["ETag", "Link", "X-Request-Id", "Retry-After"]
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.goatedvips_cors_origins,
            allow_methods=["GET", "HEAD", "OPTIONS"],
            allow_headers=["If-None-Match", "X-Request-Id"],
            expose_headers=exposed,
            max_age=3600,
        )
    app.add_middleware(
        RequestMiddleware, per_minute=settings.goatedvips_rate_limit, secure=settings.production
    )
