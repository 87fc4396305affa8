"""The application on a real socket, over a database that pulls of a real HTTP feed have filled."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import psycopg
import pytest
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncEngine
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from goatedvips.cli.listening import listening
from goatedvips.cli.serve import server_of
from goatedvips.kit.clock import utc_now
from goatedvips.kit.postgres import create_engine
from goatedvips.races.settlement.service import settle_due
from goatedvips.settings import Settings
from goatedvips.sync.outcome import Outcome
from goatedvips.worker import prepare, sync_service
from tests.databases import database
from tests.people import add_person, key_of
from tests.roles import app_dsn

ADMIN = "the_boss"
WITHIN = 20.0

Amounts = tuple[str, str, str, str]

PEOPLE: dict[str, tuple[str, Amounts]] = {
    "uidAda00000000000001": ("Ada", ("1", "20", "300", "12000")),
    "uidBob00000000000002": ("bob_the_builder", ("0", "5.5", "5.5", "457.9517254411")),
    "uidCid00000000000003": ("100%sure", ("0", "0", "0", "250000.25")),
    "uidDot00000000000004": ("back\\slash", ("0.01", "0.01", "0.01", "0.01")),
    "uidEve00000000000005": ("Ägypten-Ünal", ("3", "3", "3", "10000000")),
    "uidFay00000000000006": ("=HYPERLINK(1)", ("2", "2", "2", "9.5")),
    "uidGus00000000000007": ("ada_lovelace", ("0", "0", "0", "0")),
}
"""What the feed says first: uid, then name and the four windows."""


@dataclass
class Feed:
    """A feed whose players a test moves."""

    people: dict[str, tuple[str, Amounts]] = field(default_factory=dict)
    url: str = ""
    status: int = 200

    def body(self) -> bytes:
        rows = ",".join(
            f'{{"uid":{json.dumps(uid)},"name":{json.dumps(name)},"wagered":{{"today":{amounts[0]},'
            f'"this_week":{amounts[1]},"this_month":{amounts[2]},"all_time":{amounts[3]}}}}}'
            for uid, (name, amounts) in self.people.items()
        )
        today, week = (sum(Decimal(amounts[at]) for _, amounts in self.people.values()) for at in (0, 1))
        return f'{{"success":true,"data":[{rows}],"today":{today},"this_week":{week}}}'.encode()

    def wager(self, uid: str, dollars: str) -> None:
        """Let a player wager, today."""
        name, amounts = self.people[uid]
        moved = tuple(str(Decimal(amount) + Decimal(dollars)) for amount in amounts)
        self.people[uid] = (name, (moved[0], moved[1], moved[2], moved[3]))


@contextmanager
def serving_feed() -> Iterator[Feed]:
    feed = Feed(dict(PEOPLE))

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = feed.body()
            self.send_response(feed.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    feed.url = f"http://127.0.0.1:{server.server_address[1]}/user"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield feed
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Site:
    """A running application."""

    url: str
    dsn: str
    settings: Settings
    feed: Feed
    client: httpx2.Client

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx2.Response:
        return self.client.get(path, headers=headers)

    def json(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON can say
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def admins(self) -> dict[str, str]:
        """The headers of an administrator, who is made when he is first asked for."""
        if not self.execute("SELECT id FROM users WHERE username = %s", ADMIN):
            add_person(self.dsn, ADMIN, role="admin")
        return {"Authorization": f"Bearer {key_of(ADMIN)}"}

    def admin(self, path: str, body: object, token: str | None = None) -> httpx2.Response:
        headers = self.admins if token is None else {"Authorization": f"Bearer {token}"}
        return self.client.post(f"/api/admin/wager-races{path}", json=body, headers=headers)

    def race(self, **more: object) -> dict[str, Any]:
        """Make a race that goes on since yesterday, for an hour more."""
        now = utc_now()
        answer = self.admin(
            "",
            {
                "name": "A race",
                "type": "special",
                "startDate": (now - timedelta(days=1)).isoformat(),
                "endDate": (now + timedelta(hours=1)).isoformat(),
                "prizePool": "100.00",
            }
            | more,
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def pull(self) -> Outcome:
        """Take the feed's report over, and wait until this application shows it."""
        outcome = self.pull_unseen()
        assert outcome.status == "completed", outcome.error
        self.until(lambda: self.version() >= outcome.run_id and self._races_are_as_new())
        return outcome

    def pull_unseen(self) -> Outcome:
        async def pull() -> Outcome:
            engine = create_engine(app_dsn(self.dsn), acting="system")
            try:
                await prepare(self.settings, engine)
                outcome = await sync_service(self.settings, engine).pull("manual", wait=True)
            finally:
                await engine.dispose()
            assert outcome is not None
            return outcome

        return asyncio.run(pull())

    def settle(self) -> None:
        """Settle what is due, as a worker does."""

        self._work(lambda engine: settle_due(engine, utc_now))

    def tick(self) -> None:
        """Do what fell due by the clock, as a worker does."""
        self._work(lambda engine: prepare(self.settings, engine))

    def review(self) -> None:
        """Apply the quarantined report that is asked for, as a worker does."""
        self._work(lambda engine: sync_service(self.settings, engine).apply_reviewed(wait=True))

    def _work(self, verb: Callable[[AsyncEngine], Awaitable[object]]) -> None:
        async def work() -> None:
            engine = create_engine(app_dsn(self.dsn), acting="system")
            try:
                await verb(engine)
            finally:
                await engine.dispose()

        asyncio.run(work())

    def version(self) -> int:
        version: int = self.json("/api/tiers")["version"]
        return version

    def _races_are_as_new(self) -> bool:
        race = self.json("/api/wager-races/current")
        return bool(race["metadata"]["asOf"] == self.json("/api/tiers")["asOf"])

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run SQL beside the application."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(sql.SQL(statement), values)
            return cursor.fetchall() if cursor.description else []

    def announce(self) -> None:
        """Tell the application that something changed."""
        self.execute("SELECT pg_notify('goatedvips', 'test')")

    def until(self, holds: Callable[[], bool]) -> None:
        until(holds)

    @contextmanager
    def socket(self, origin: str | None = None) -> Iterator["Socket"]:
        url = f"{self.url.replace('http', 'ws', 1)}/ws"
        with connect(
            url, compression=None, proxy=None, origin=Origin(origin) if origin else None
        ) as connection:
            yield Socket(connection)


@dataclass
class Socket:
    """A client of `/ws`."""

    connection: ClientConnection

    def say(self, **message: object) -> None:
        self.connection.send(json.dumps(message))

    def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.connection.recv(WITHIN))
        return message

    def hear_of(self, topic: str, *, after: int = -1) -> dict[str, Any]:
        """Return the next news of a topic at a version above one."""
        while True:
            message = self.hear()
            if message.get("topic") == topic and "data" in message and message["version"] > after:
                return message


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; another process or thread tells nobody when."""
    give_up = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < give_up, "it never came true"
        time.sleep(0.01)


@contextmanager
def serving(dsn: str, feed: Feed, *, through: str | None = None, **settings: object) -> Iterator[Site]:
    """Serve exactly as `goatedvips serve` does, in a thread; `through` reaches the database another way."""
    chosen = Settings.model_validate(
        {
            "goated_api_url": feed.url,
            "goated_referral_code": "CODE",
            "goatedvips_secret_key": "k" * 40,
            "goatedvips_password_cost": 4,
            "goatedvips_rate_limit": 0,
        }
        | settings
    )
    server = server_of(chosen, through or app_dsn(dsn))
    with listening("127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            until(lambda: server.started)
            with httpx2.Client(base_url=url, timeout=WITHIN, trust_env=False) as client:
                yield Site(url, dsn, chosen, feed, client)
        finally:
            server.should_exit = True
            thread.join(WITHIN)
            assert not thread.is_alive()


def until_ready(site: Site) -> None:
    until(lambda: site.get("/readyz").status_code == 200)


@pytest.fixture(scope="package")
def filled_dsn(cluster: str, template: str) -> Iterator[str]:
    """A database that all tests that only look share."""
    with database("api", cluster, template) as dsn:
        yield dsn


@pytest.fixture(scope="package")
def shared(filled_dsn: str) -> Iterator[Site]:
    """An application for tests that only look: two pulls, a race that goes on, and one linked player."""
    with serving_feed() as feed, serving(filled_dsn, feed) as site:
        until_ready(site)
        site.pull()
        site.race(name="The shared race")
        site.execute(
            "INSERT INTO users (username, username_skeleton, bio, profile_color, player_id)"
            " SELECT 'ada_the_first', 'ada_the_first', 'Hello', '#123456', id"
            " FROM players WHERE goated_username = 'Ada'"
        )
        site.execute("INSERT INTO users (username, username_skeleton) VALUES ('nobody_yet', 'nobody_yet')")
        feed.wager("uidAda00000000000001", "10")
        feed.wager("uidBob00000000000002", "30")
        feed.wager("uidGus00000000000007", "0.5")
        site.pull()
        yield site


@pytest.fixture
def feed() -> Iterator[Feed]:
    with serving_feed() as feed:
        yield feed


@pytest.fixture
def site(dsn: str, feed: Feed) -> Iterator[Site]:
    """An application of one's own, after its first pull."""
    with serving(dsn, feed) as site:
        until_ready(site)
        site.pull()
        yield site
