"""One sync with 2 % changed, against the first system's way: select, then insert or update, row by row.

Both fetch the same report from a server on loopback and end with it committed to the same PostgreSQL.
"""

import argparse
import asyncio
import json
import logging
import random
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

import psycopg
import structlog

from goatedvips.kit.clock import utc_now
from goatedvips.kit.embedded_postgres import embedded_postgres
from goatedvips.kit.migrations import migrate
from goatedvips.kit.postgres import create_engine
from goatedvips.sync.judge import Limits
from goatedvips.sync.outcome import Outcome
from goatedvips.sync.service import SyncService
from goatedvips.upstream.client import FeedClient, FeedSettings

SEED_TABLE = """
    CREATE TABLE seed_users (
        id serial PRIMARY KEY, username text NOT NULL UNIQUE, goated_id text UNIQUE, goated_username text,
        total_wager text, daily_wager text, weekly_wager text, monthly_wager text,
        last_wager_sync timestamp, last_updated timestamp)
"""


@dataclass
class Feed:
    """A report that changes by a share of its rows."""

    players: int
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def __post_init__(self) -> None:
        self.rows = [
            {
                "uid": f"{number:020d}",
                "name": f"player{number}",
                "wagered": {
                    "today": 0,
                    "this_week": 1.25,
                    "this_month": 20.5,
                    "all_time": round(number * 1.37, 9),
                },
            }
            for number in range(self.players)
        ]
        self.body = b""
        self.move(0)

    def move(self, share: float) -> None:
        """Let a share of the players wager."""
        for row in self.chance.sample(self.rows, int(self.players * share)):
            stake = round(self.chance.expovariate(0.05), 9)
            row["wagered"] = {window: value + stake for window, value in row["wagered"].items()}  # type: ignore[attr-defined]
        self.body = json.dumps({"success": True, "data": self.rows}, separators=(",", ":")).encode()


def serve(feed: Feed) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(feed.body)))
            self.end_headers()
            self.wfile.write(feed.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


SELECT = "SELECT * FROM seed_users WHERE goated_id = %s LIMIT 1"
INSERT = """
    INSERT INTO seed_users (goated_username, total_wager, daily_wager, weekly_wager, monthly_wager,
                            goated_id, username, last_wager_sync, last_updated)
    VALUES (%s, %s, %s, %s, %s, %s, %s, now(), now()) RETURNING *"""
UPDATE = """
    UPDATE seed_users SET goated_username = %s, total_wager = %s, daily_wager = %s, weekly_wager = %s,
                          monthly_wager = %s, last_wager_sync = now(), last_updated = now()
     WHERE goated_id = %s RETURNING *"""


def row_by_row(connection: psycopg.Connection, url: str) -> float:
    began = time.perf_counter()
    with urlopen(url) as answer:  # noqa: S310 - our own server
        rows = json.loads(answer.read())["data"]
    for row in rows:
        wagered = row["wagered"]
        windows = (wagered[window] for window in ("all_time", "today", "this_week", "this_month"))
        values = (row["name"], *map(str, windows), row["uid"])
        if connection.execute(SELECT, (row["uid"],)).fetchone() is None:
            connection.execute(INSERT, (*values, row["uid"]))
        else:
            connection.execute(UPDATE, values)
    return time.perf_counter() - began


async def ours(dsn: str, url: str, feed: Feed, rounds: int) -> tuple[list[float], Outcome]:
    engine = create_engine(dsn)
    service = SyncService(engine, FeedClient(FeedSettings(url, "bench"), clock=utc_now), utc_now, Limits())
    first = await service.pull("manual")
    assert first is not None
    assert first.status == "completed", first.error
    seconds = []
    outcome = first
    for _ in range(rounds):
        feed.move(0.02)
        began = time.perf_counter()
        pulled = await service.pull("manual")
        seconds.append(time.perf_counter() - began)
        assert pulled is not None
        assert pulled.counts.updated == int(feed.players * 0.02)
        outcome = pulled
    await engine.dispose()
    return seconds, outcome


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    parser.add_argument("--players", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="little data: that it runs, not how fast")
    given = parser.parse_args()
    if given.quick:
        given.players, given.rounds = 2_000, 2
    feed = Feed(given.players)
    server = serve(feed)
    url = f"http://127.0.0.1:{server.server_port}/user"
    with tempfile.TemporaryDirectory() as folder, embedded_postgres(Path(folder) / "home") as postgres:
        migrate(postgres.dsn)
        seconds, outcome = asyncio.run(ours(postgres.dsn, url, feed, given.rounds))
        with psycopg.connect(postgres.dsn) as connection:
            connection.execute(SEED_TABLE)
            row_by_row(connection, url)
            connection.commit()
            feed.move(0.02)
            began = time.perf_counter()
            row_by_row(connection, url)
            connection.commit()
            one_transaction = time.perf_counter() - began
        with psycopg.connect(postgres.dsn, autocommit=True) as connection:
            feed.move(0.02)
            as_written = row_by_row(connection, url)
    server.shutdown()
    median = statistics.median(seconds)
    print(f"{given.players:,} players, 2 % changed, {len(feed.body) / 1e6:.1f} MB, {given.rounds} rounds")
    print(f"ours, whole sync: median {median:.3f} s (min {min(seconds):.3f}, max {max(seconds):.3f})")
    print(f"  steps of the last round: {outcome.steps}")
    for name, taken in (("as written", as_written), ("in one transaction", one_transaction)):
        print(f"row by row, {name}: {taken:.1f} s; ours takes a {taken / median:,.0f}th of it")


if __name__ == "__main__":
    main()
