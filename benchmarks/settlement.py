"""Settling a race of everybody, against the first system's way: position and prize, row by row.

Ours ranks, splits the prizes, writes every standing, the awards, the ledger, the proof with a commitment for
each, the audit record and the announcement, in one transaction. The first system's way only gives each
participant his position and prize: once with a commit a row, as it was written, and once in one transaction.
"""

import argparse
import asyncio
import json
import logging
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import structlog

from goatedvips.kit.embedded_postgres import embedded_postgres
from goatedvips.kit.migrations import migrate
from goatedvips.kit.postgres import create_engine
from goatedvips.races.rules.prizes import DEFAULT_TABLE
from goatedvips.races.settlement.service import settle_due

SEED_TABLE = """
    CREATE TABLE seed_participants (
        id serial PRIMARY KEY, race_id integer, goated_id text, wagered numeric, position integer,
        prize numeric, last_updated timestamp);
    CREATE INDEX ON seed_participants (race_id)
"""

# Three runs; everybody was there with the first, and two thirds have moved by the last.
HISTORY = """
    INSERT INTO feed_reports (sha256, body, size) VALUES (sha256('one'), 'one', 3), (sha256('two'), 'two', 3);
    INSERT INTO sync_logs
           (sync_type, target_entity, start_time, end_time, status, as_of, report_sha256, metadata)
    SELECT 'scheduled', 'wagers', at, at, 'completed', at, sha256(body::bytea), '{"marks": []}'
      FROM (VALUES (timestamptz '2026-01-01 00:00Z', 'one'), ('2026-01-31 23:00Z', 'two'),
                   ('2026-02-01 00:00Z', 'two')) AS run(at, body);
    CREATE TABLE wager_readings_202601 PARTITION OF wager_readings
        FOR VALUES FROM ('2026-01-01Z') TO ('2026-02-01Z');
"""
PLAYERS = """
    INSERT INTO players (goated_id, goated_username, first_run_id)
    SELECT lpad(n::text, 20, '0'), 'player' || n, 1 FROM generate_series(1, %(players)s) AS n;
    INSERT INTO wager_totals
    SELECT id, 0, 0, 0, amount, 1, 1, 1, 2
      FROM (SELECT id, 100000000 + (hashint8(id)::bigint + 2147483648) * 40 AS amount FROM players) AS held;
    INSERT INTO wager_readings (player_id, as_of, run_id, today, this_week, this_month, all_time)
    SELECT player_id, timestamptz '2026-01-01Z', 1, 0, 0, 0, 100000000 FROM wager_totals;
    INSERT INTO wager_readings (player_id, as_of, run_id, today, this_week, this_month, all_time)
    SELECT player_id, timestamptz '2026-01-31 23:00Z', 2, 0, 0, 0, all_time FROM wager_totals;
    ANALYZE;
"""
RACE = """
    INSERT INTO wager_races
           (name, type, start_date, end_date, status, prize_pool, prizes, start_run_id, end_run_id)
    VALUES ('January', 'special', '2026-01-01Z', '2026-02-01Z', 'live', 50000, %s, 1, 3) RETURNING id
"""
ENTRANTS = """
    INSERT INTO wager_race_participants (race_id, player_id, baseline, joined_run_id, joined_at)
    SELECT %s, id, 100000000, 2, '2026-01-31 23:00Z' FROM players
"""


def prepare(dsn: str, players: int) -> None:
    """Make a history and its players."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(HISTORY.encode())
        # Statements with parameters go one by one.
        for statement in PLAYERS.split(";"):
            if statement.strip():
                connection.execute(statement.replace("%(players)s", str(players)).encode())


def race(dsn: str) -> None:
    """Make a race of everybody, over and not settled."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(RACE.encode(), (json.dumps(DEFAULT_TABLE.to_json()),)).fetchone()
        assert row is not None
        connection.execute(ENTRANTS.encode(), row)
        connection.execute("VACUUM ANALYZE wager_race_participants")


async def settle(dsn: str) -> None:
    """Settle what is due, and print the seconds and how much memory that took beyond the program's own."""
    engine = create_engine(dsn)
    async with engine.connect():
        pass
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    done = await settle_due(engine, lambda: datetime.now(UTC))
    seconds = time.perf_counter() - began
    assert len(done) == 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "megabytes": (peak - before) / 1024, "whole": peak / 1024}))
    await engine.dispose()


def ours(dsn: str, rounds: int) -> list[dict[str, float]]:
    """Settle a race of everybody in a process of its own, so many times."""
    figures = []
    for _ in range(rounds):
        race(dsn)
        said = subprocess.run(
            [sys.executable, __file__, "--settle", dsn], stdout=subprocess.PIPE, check=True, text=True
        )
        figures.append(json.loads(said.stdout.splitlines()[-1]))
    return figures


def seeds(dsn: str, players: int, *, commits: bool) -> float:
    """Give everybody his position and prize, a statement each; return the seconds."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS seed_participants")
        connection.execute(SEED_TABLE)
        connection.execute(
            "INSERT INTO seed_participants (race_id, goated_id, wagered)"
            " SELECT 1, goated_id, (all_time - 100000000) * 0.00000001 FROM players"
            " JOIN wager_totals ON player_id = id LIMIT %s",
            (players,),
        )
        connection.execute("ANALYZE seed_participants")
        connection.autocommit = commits
        began = time.perf_counter()
        held = connection.execute(
            "SELECT id, wagered FROM seed_participants WHERE race_id = 1 ORDER BY wagered DESC"
        ).fetchall()
        for position, (participant, _) in enumerate(held, start=1):
            connection.execute(
                "UPDATE seed_participants SET position = %s, prize = %s, last_updated = now() WHERE id = %s",
                (position, int(position <= DEFAULT_TABLE.places), participant),
            )
        connection.commit()
        return time.perf_counter() - began


def measured(home: Path, players: int, rounds: int) -> float:
    with embedded_postgres(home) as server:
        migrate(server.dsn)
        prepare(server.dsn, players)
        figures = ours(server.dsn, rounds)
        seconds = [figure["seconds"] for figure in figures]
        median = statistics.median(seconds)
        print(
            f"{players:>9,} participants, ours: {median:.2f} s ({min(seconds):.2f} to {max(seconds):.2f}),"
            f" {median / players * 1e6:.1f} µs each;"
            f" memory {max(figure['megabytes'] for figure in figures):.0f} MB beyond the program's own"
            f" ({max(figure['whole'] for figure in figures):.0f} MB in all)",
            flush=True,
        )
        return median


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--players", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=10_000, help="participants of the first system's way")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="little data: that it runs, not how fast")
    parser.add_argument("--settle", metavar="DSN", help=argparse.SUPPRESS)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if given.settle:
        asyncio.run(settle(given.settle))
        return
    if given.quick:
        given.players, given.rows, given.rounds = 5_000, 500, 1
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        each = measured(home / "rows", given.rows, given.rounds)
        with embedded_postgres(home / "rows") as server:
            for commits in (True, False):
                seconds = seeds(server.dsn, given.rows, commits=commits)
                how = "a commit a row" if commits else "in one transaction"
                print(
                    f"{given.rows:>9,} participants, the first system's way, {how}: {seconds:.2f} s,"
                    f" {seconds / each:.1f} times ours",
                    flush=True,
                )
        whole = measured(home / "all", given.players, given.rounds)
        print(f"{given.players / given.rows:.0f} times the participants: {whole / each:.1f} times the time")


if __name__ == "__main__":
    main()
