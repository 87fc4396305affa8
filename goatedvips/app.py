"""The web application: what one API process serves."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from fastapi import APIRouter, FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.middleware.cors import CORSMiddleware

from goatedvips import __version__
from goatedvips.accounts.endpoints import AccountEndpoints
from goatedvips.accounts.gate import Gate
from goatedvips.accounts.keys.endpoints import ApiKeyEndpoints
from goatedvips.accounts.mailbox.endpoints import MailboxEndpoints
from goatedvips.accounts.mailbox.service import Mailbox
from goatedvips.accounts.passwords.hashing import PasswordHasher
from goatedvips.accounts.second_factor.endpoints import SecondFactorEndpoints
from goatedvips.accounts.signing_in.endpoints import SignInEndpoints
from goatedvips.accounts.signing_in.service import Doorkeeper
from goatedvips.accounts.topics import AccountTopics
from goatedvips.audit_log.endpoints import AuditLogEndpoints
from goatedvips.health import HealthEndpoints
from goatedvips.kit import problems
from goatedvips.kit.addresses import FixedAddresses
from goatedvips.kit.clock import Clock, utc_now
from goatedvips.kit.postgres import create_engine, libpq_url
from goatedvips.kit.requests import GuardMiddleware, Note, RequestMiddleware
from goatedvips.kit.secret_box import SecretBox
from goatedvips.kit.site import Site
from goatedvips.leaderboards.endpoints import LeaderboardEndpoints
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.leaderboards.past import PastBoards
from goatedvips.leaderboards.standings import BoardStandings
from goatedvips.leaderboards.topics import LeaderboardTopics
from goatedvips.linking.administration import LinkAdministration
from goatedvips.linking.endpoints import LinkingEndpoints
from goatedvips.live import Live
from goatedvips.membership.administration import MemberAdministration
from goatedvips.membership.endpoints import MembershipEndpoints
from goatedvips.pages.endpoints import PageEndpoints
from goatedvips.pages.folder import Folder
from goatedvips.players.endpoints import PlayerEndpoints
from goatedvips.players.service import PlayerService
from goatedvips.races.administration import RaceAdministration
from goatedvips.races.calendar_feed.endpoints import CalendarEndpoints
from goatedvips.races.endpoints import RaceEndpoints
from goatedvips.races.keeper import RaceKeeper
from goatedvips.races.participants.administration import ParticipantAdministration
from goatedvips.races.payouts.administration import AwardAdministration
from goatedvips.races.payouts.endpoints import AwardEndpoints
from goatedvips.races.reading import RaceReader
from goatedvips.races.series.administration import SeriesAdministration
from goatedvips.races.settlement.endpoints import ProofEndpoints
from goatedvips.races.settlement.repository import Results
from goatedvips.races.topics import RaceTopics
from goatedvips.realtime.endpoints import routes
from goatedvips.realtime.hub import Hub
from goatedvips.realtime.listener import Listener
from goatedvips.realtime.options import RealtimeOptions
from goatedvips.request_log.endpoints import RequestLogEndpoints
from goatedvips.request_log.recorder import RequestRecorder
from goatedvips.settings import Settings
from goatedvips.sharing.embeds import discovery
from goatedvips.sharing.endpoints import SharingEndpoints
from goatedvips.sharing.overlay.endpoints import OverlayEndpoints
from goatedvips.sync.logs.endpoints import SyncLogEndpoints
from goatedvips.sync.quarantine.administration import QuarantineAdministration
from goatedvips.sync.requests.administration import SyncAdministration


class Endpoints(Protocol):
    """A feature's endpoints."""

    def router(self) -> APIRouter:
        """Return the routes."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What the endpoints of one process share. Engines differ in for whom their transactions act."""

    settings: Settings
    clock: Clock
    reading: AsyncEngine
    """For nobody: it sees what everybody may, perhaps on a replica."""
    writing: AsyncEngine
    """For whoever a transaction says."""
    system: AsyncEngine
    """For the program itself."""
    watching: AsyncEngine
    """For the program itself, reading only: what boards are made of, perhaps on a replica."""
    hasher: PasswordHasher
    boards: BoardKeeper
    races: RaceKeeper
    hub: Hub
    gate: Gate

    @classmethod
    def of(cls, settings: Settings, dsn: str, clock: Clock) -> "Parts":
        """Make the parts; they open no connection yet."""
        name, replica = "goatedvips api", settings.read_database_url
        reading = replica.get_secret_value() if replica else dsn
        system = create_engine(dsn, application_name=name, acting="system")
        return cls(
            settings=settings,
            clock=clock,
            reading=create_engine(reading, pool_size=10, application_name=name),
            writing=create_engine(dsn, application_name=name),
            system=system,
            watching=create_engine(reading, pool_size=2, application_name=name, acting="system"),
            hasher=PasswordHasher(settings.goatedvips_password_cost),
            boards=BoardKeeper(hashlib.sha256(settings.secret_keys[0].encode()).digest()),
            races=RaceKeeper(),
            hub=Hub(),
            gate=Gate(system, clock),
        )

    async def close(self) -> None:
        """Let go of everything."""
        await self.hub.close()
        for engine in (self.reading, self.writing, self.system, self.watching):
            await engine.dispose()
        self.hasher.close()


def create_app(settings: Settings, dsn: str, *, clock: Clock = utc_now) -> FastAPI:
    """Put the application together; it loads its boards when it starts."""
    parts = Parts.of(settings, dsn, clock)
    reader = RaceReader(parts.races, parts.boards, parts.reading, clock)
    live = Live(
        parts.watching,
        parts.boards,
        parts.races,
        LeaderboardTopics(),
        RaceTopics(parts.races, reader),
        AccountTopics(parts.system, clock),
        parts.hub,
    )

    logged = settings.goatedvips_request_log
    recorder = RequestRecorder(parts.system, clock, signed_in_only=logged == "signed_in")

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(live.follow(Listener(libpq_url(dsn))))
        try:
            async with recorder.running():
                yield
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            await parts.close()

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
    features = (*_public(parts, reader), *_accounts(parts), *_administration(parts, reader))
    routers = [endpoints.router() for endpoints in features]
    app.router.routes.append(FixedAddresses(route for router in routers for route in router.routes))
    for router in routers:
        app.include_router(router)
    app.router.routes.extend(routes(parts.hub, live, _realtime_options(parts)))
    app.router.default = Site(link=lambda path, query: discovery(path, query, settings.site_url))
    app.state.hub = parts.hub
    _install_middleware(app, settings, None if logged == "off" else recorder.note)
    return app


def _public(parts: Parts, reader: RaceReader) -> tuple[Endpoints, ...]:
    async def races_won(player_id: int) -> int:
        async with parts.reading.connect() as connection:
            return await Results(connection).won_by(player_id)

    settings, reading, clock = parts.settings, parts.reading, parts.clock
    stale_after = timedelta(seconds=3 * settings.goatedvips_sync_interval)
    return (
        HealthEndpoints(parts.boards, reading, parts.hub.counts, clock, stale_after=stale_after),
        LeaderboardEndpoints(
            parts.boards, PastBoards(parts.boards, reading, clock), reading, parts.gate.viewer
        ),
        PlayerEndpoints(
            PlayerService(reading, BoardStandings(parts.boards), races_won, clock), parts.gate.viewer
        ),
        RaceEndpoints(reader, parts.gate.viewer),
        CalendarEndpoints(reading, public_url=settings.goatedvips_public_url),
        ProofEndpoints(reading),
        PageEndpoints(Folder(settings.goatedvips_pages), ad_label=settings.goatedvips_ad_label),
        SharingEndpoints(reader, site_url=settings.site_url),
        OverlayEndpoints(reader, parts.gate),
    )


def _accounts(parts: Parts) -> tuple[Endpoints, ...]:
    box = SecretBox(parts.settings.secret_keys)
    doorkeeper = Doorkeeper(parts.system, parts.hasher, box, parts.clock)
    return (
        SignInEndpoints(doorkeeper, parts.gate, parts.writing, parts.clock),
        MailboxEndpoints(Mailbox(parts.system, parts.hasher, parts.clock), parts.gate),
        SecondFactorEndpoints(doorkeeper, parts.gate),
        ApiKeyEndpoints(parts.writing, parts.gate, parts.clock),
        AccountEndpoints(parts.writing, parts.system, parts.gate, parts.clock),
        MembershipEndpoints(parts.writing, parts.system, parts.gate, parts.clock),
        LinkingEndpoints(
            parts.writing, parts.gate, parts.clock, by_wager=parts.settings.goatedvips_link_by_wager
        ),
    )


def _administration(parts: Parts, reader: RaceReader) -> tuple[Endpoints, ...]:
    engine, gate, clock = parts.writing, parts.gate, parts.clock
    return (
        RaceAdministration(engine, reader, gate, clock),
        ParticipantAdministration(engine, reader, gate, clock),
        SeriesAdministration(engine, gate, clock),
        AwardAdministration(engine, gate, clock, four_eyes=parts.settings.goatedvips_four_eyes),
        AwardEndpoints(engine, gate),
        MemberAdministration(parts.system, gate, clock),
        LinkAdministration(engine, gate, clock),
        SyncAdministration(engine, gate, clock),
        QuarantineAdministration(engine, gate, clock),
        SyncLogEndpoints(engine, gate),
        RequestLogEndpoints(engine, gate),
        AuditLogEndpoints(engine, gate, clock),
    )


def _realtime_options(parts: Parts) -> RealtimeOptions:
    settings = parts.settings
    own = [settings.goatedvips_public_url.rstrip("/")] if settings.goatedvips_public_url else []
    return RealtimeOptions(
        allowed_origins=frozenset([*settings.goatedvips_cors_origins, *own]),
        identify=parts.gate.viewer,
        clock=parts.clock,
        max_connections=settings.goatedvips_max_sockets,
        max_per_address=settings.goatedvips_max_sockets_per_address,
    )


def _install_middleware(app: FastAPI, settings: Settings, note: Note | None) -> None:
    # The last one is the outermost.
    app.add_middleware(GuardMiddleware, per_minute=settings.goatedvips_rate_limit)
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
    app.add_middleware(RequestMiddleware, secure=settings.production, note=note)
