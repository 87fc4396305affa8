"""The pipeline as production puts it together, with a feed on a real socket and a clock the test moves."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import uvicorn
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from goatedvips.kit.postgres import create_engine
from goatedvips.kit.windows import PERIODS
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.races.keeper import RaceKeeper
from goatedvips.races.reading import RaceReader
from goatedvips.races.schemas import WagerRaceCreate
from goatedvips.races.service import create_race
from goatedvips.sync.judge import Limits
from goatedvips.sync.outcome import Outcome
from goatedvips.sync.service import SyncService
from goatedvips.upstream.breaker import CircuitBreaker
from goatedvips.upstream.client import FeedClient, FeedSettings
from tests.roles import app_dsn

NOON = datetime(2025, 3, 26, 12, tzinfo=UTC)


class Hands:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


def row(uid: str, all_time: str = "0", *, name: str | None = None, **windows: str) -> str:
    """Write a row as the feed does; amounts are the digits of a JSON number."""
    wagered = {period: windows.get(period, "0") for period in PERIODS} | {"all_time": all_time}
    amounts = ",".join(f'"{period}":{digits}' for period, digits in wagered.items())
    return f'{{"uid":{json.dumps(uid)},"name":{json.dumps(name or uid)},"wagered":{{{amounts}}}}}'


def report(rows: Iterable[str]) -> bytes:
    """Write a report with the feed's two checksums."""
    listed = list(rows)
    wagered = [json.loads(each, parse_float=Decimal, parse_int=Decimal)["wagered"] for each in listed]
    sums = ",".join(
        f'"{period}":{sum((each[period] for each in wagered), Decimal(0))}'
        for period in ("today", "this_week")
    )
    return f'{{"success":true,"data":[{",".join(listed)}],{sums}}}'.encode()


Handler = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Feed:
    """A feed on a real socket. It answers with `status` and `body`, once `gate` is open."""

    body: bytes = b""
    status: str = "200 OK"
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    times: int = 0
    url: str = ""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            self.times += 1
            self.asked.set()
            await self.gate.wait()
            head = f"HTTP/1.1 {self.status}\r\nContent-Length: {len(self.body)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + self.body)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def feed_running() -> AsyncIterator[Feed]:
    feed = Feed()
    feed.gate.set()
    server = await asyncio.start_server(feed.talk, "127.0.0.1", 0)
    feed.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/user"
    try:
        yield feed
    finally:
        feed.gate.set()
        server.close()


@asynccontextmanager
async def serving(application: Starlette) -> AsyncIterator[str]:
    """Serve an application on a real socket; yield its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=1))
    # `serve` would take the signals over, which belong to the tests.
    running = asyncio.create_task(server._serve([listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


def client(url: str, clock: Hands, *, total_timeout: float = 10) -> FeedClient:
    """Return a client that asks once and is never told to rest: what it does then has tests of its own."""
    settings = FeedSettings(
        url=url, referral_code="CODE", attempts=1, trust_environment=False, total_timeout=total_timeout
    )
    return FeedClient(settings, clock=clock, breaker=CircuitBreaker(clock, threshold=1_000_000))


@dataclass
class Pipeline:
    """One process that pulls and one that serves, over one database, as the role that serves."""

    dsn: str
    owner: AsyncEngine
    engine: AsyncEngine
    feed: Feed
    clock: Hands
    sync: SyncService
    boards: BoardKeeper = field(default_factory=BoardKeeper)
    races: RaceKeeper = field(default_factory=RaceKeeper)

    def another(self, *, url: str | None = None, total_timeout: float = 10) -> SyncService:
        """Return the pipeline of another process."""
        feed = client(url or self.feed.url, self.clock, total_timeout=total_timeout)
        return SyncService(self.engine, feed, self.clock, Limits())

    async def pull(self, *rows: str, **span: float) -> Outcome:
        """Let time pass, and take over a report of these rows, or again the last one."""
        self.clock.move(**span or {"minutes": 5})
        if rows:
            self.feed.body = report(rows)
        outcome = await self.sync.pull("scheduled")
        assert outcome is not None
        return outcome

    async def fetch(self, query: str, **values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - what SQL takes
        """Ask the database."""
        async with self.owner.connect() as connection:
            return [tuple(found) for found in await connection.execute(text(query), values)]

    async def execute(self, statement: str, **values: Any) -> None:  # noqa: ANN401 - what SQL takes
        """Change the database behind the program's back."""
        async with self.owner.begin() as connection:
            await connection.execute(text(statement), values)

    async def amounts(self) -> dict[str, tuple[Decimal, ...]]:
        """Return everybody's four windows in dollars, by uid."""
        found = await self.fetch(
            "SELECT goated_id, today, this_week, this_month, all_time FROM wager_amounts"
            " JOIN players ON id = player_id"
        )
        return {uid: tuple(amounts) for uid, *amounts in found}

    async def race(self, **fields: Any) -> int:  # noqa: ANN401 - the fields of the model
        """Make a race from now on for a day, unless told otherwise."""
        wanted = {
            "name": "Race",
            "type": "special",
            "start_date": self.clock(),
            "end_date": self.clock() + timedelta(days=1),
            "prize_pool": "100",
        }
        async with self.engine.begin() as connection:
            race = WagerRaceCreate.model_validate(wanted | fields)
            return await create_race(connection, race, now=self.clock(), actor="test")

    async def refresh(self) -> None:
        """Take in what happened, as a serving process does."""
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            boards = await self.boards.refresh(connection)
            await self.races.refresh(connection, boards)

    @property
    def reader(self) -> RaceReader:
        return RaceReader(self.races, self.boards, self.engine, self.clock)

    async def standings(self, race_id: int) -> dict[str, int]:
        """Return everybody's amount in a race, in units, as this process shows it."""
        await self.refresh()
        race = await self.reader.race(race_id)
        slots = [race.boards.slot(player) for player in race.entrants.player_ids.tolist()]
        uids = [race.boards.uids[slot] for slot in slots if slot is not None]
        return dict(zip(uids, race.amounts.tolist(), strict=True))


@asynccontextmanager
async def pipeline_over(dsn: str, *, serving: str | None = None) -> AsyncIterator[Pipeline]:
    """Put it all together over one database."""
    engine, clock = create_engine(serving or app_dsn(dsn), pool_size=10, acting="system"), Hands()
    owner = create_engine(dsn)
    try:
        async with feed_running() as feed:
            sync = SyncService(engine, client(feed.url, clock), clock, Limits())
            yield Pipeline(dsn, owner, engine, feed, clock, sync)
    finally:
        await engine.dispose()
        await owner.dispose()
