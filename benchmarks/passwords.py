"""What signing in costs, and what fifty who sign in at once cost those who read a board.

    python benchmarks/passwords.py --logins 50

Three servers, each in a process of its own over one database: ours, which hashes in threads that give way;
one whose threads do not; and one that hashes on the event loop, as a careless endpoint would. A reader asks
each for the same cached board page, one request after another, alone and then while so many sign in.
Prints milliseconds a password, and the reader's median and 99th percentile with the ratio to being alone.
"""

import argparse
import asyncio
import multiprocessing
import socket
import statistics
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from goatedvips.accounts.names import skeleton
from goatedvips.accounts.passwords import hashing
from goatedvips.accounts.passwords.hashing import PasswordHasher
from goatedvips.cli.serve import server_of
from goatedvips.kit.embedded_postgres import embedded_postgres
from goatedvips.kit.logging import configure_logging
from goatedvips.kit.migrations import migrate
from goatedvips.settings import Settings

PASSWORD = "a password of nobody's"  # noqa: S105 - of made-up people
BOARD = "/api/leaderboard"


def people(dsn: str, count: int, hashed: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for number in range(count):
            name = f"person_{number}"
            row = connection.execute(
                "INSERT INTO users (username, username_skeleton) VALUES (%s, %s) RETURNING id",
                [name, skeleton(name)],
            ).fetchone()
            assert row is not None
            connection.execute("INSERT INTO user_accounts (user_id) VALUES (%s)", row)
            connection.execute(
                "INSERT INTO user_credentials (user_id, password) VALUES (%s, %s)", [row[0], hashed]
            )


def as_ours() -> None:
    """Change nothing."""


def without_giving_way() -> None:
    hashing._give_way = as_ours  # noqa: SLF001 - what it measures


def on_the_loop() -> None:
    async def beside(_self: PasswordHasher, work: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401 - what it measures
        return work(*given)

    setattr(PasswordHasher, "_beside", beside)  # noqa: B010 - mypy would have the signature of the other


WAYS = {"ours": as_ours, "threads that do not give way": without_giving_way, "on the event loop": on_the_loop}


def serve(way: str, dsn: str, cost: int, told: Connection) -> None:
    WAYS[way]()
    configure_logging(as_json=False, level="error")
    settings = Settings.model_validate(
        {
            "goatedvips_secret_key": "k" * 40,
            "goatedvips_password_cost": cost,
            "goatedvips_rate_limit": 0,
        }
    )
    listener = socket.create_server(("127.0.0.1", 0))
    told.send(listener.getsockname()[1])
    server_of(settings, dsn).run(sockets=[listener])


async def read(client: httpx2.AsyncClient, until: asyncio.Event) -> list[float]:
    """Ask for the board, one request after another; return the milliseconds of each."""
    taken = []
    while not until.is_set():
        began = time.perf_counter()
        (await client.get(BOARD)).raise_for_status()
        taken.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.002)
    return taken


async def watch(url: str, logins: int, seconds: float) -> tuple[list[float], list[float], float]:
    """Return what a reader waited alone and beside so many, and the seconds that they took."""
    limits = httpx2.Limits(max_connections=logins + 5)
    async with httpx2.AsyncClient(base_url=url, timeout=120, trust_env=False, limits=limits) as client:
        while (await client.get("/readyz")).status_code != 200:  # noqa: ASYNC110, PLR2004 - another process's
            await asyncio.sleep(0.05)
        alone = asyncio.Event()
        reading = asyncio.create_task(read(client, alone))
        await asyncio.sleep(seconds)
        alone.set()
        before = await reading
        over = asyncio.Event()
        reading = asyncio.create_task(read(client, over))
        began = time.perf_counter()
        answers = await asyncio.gather(
            *(
                client.post("/api/auth/login", json={"login": f"person_{number}", "password": PASSWORD})
                for number in range(logins)
            )
        )
        took = time.perf_counter() - began
        over.set()
        assert all(answer.is_success for answer in answers)
        return before, await reading, took


def percentile(sample: list[float], share: float) -> float:
    return sorted(sample)[min(len(sample) - 1, int(len(sample) * share))]


async def verify_costs(cost: int, rounds: int) -> tuple[str, list[float]]:
    hasher = PasswordHasher(cost)
    hashed = await hasher.hash(PASSWORD)
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        assert await hasher.verify(PASSWORD, hashed)
        taken.append((time.perf_counter() - began) * 1000)
    hasher.close()
    return hashed, taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--logins", type=int, default=50)
    parser.add_argument("--cost", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=5, help="of reading alone")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    if given.quick:
        given.logins, given.cost, given.seconds = 8, 6, 0.5
    hashed, taken = asyncio.run(verify_costs(given.cost, 3 if given.quick else 15))
    print(f"one password at cost {given.cost}: {statistics.median(taken):.0f} ms", end=" ")
    print(f"({min(taken):.0f}-{max(taken):.0f})")
    with tempfile.TemporaryDirectory() as home, embedded_postgres(Path(home)) as server:
        migrate(server.dsn)
        people(server.dsn, given.logins, hashed)
        for way in WAYS:
            near, far = multiprocessing.Pipe()
            process = multiprocessing.get_context("spawn").Process(
                target=serve, args=(way, server.app_dsn, given.cost, far)
            )
            process.start()
            try:
                url = f"http://127.0.0.1:{near.recv()}"
                before, during, took = asyncio.run(watch(url, given.logins, given.seconds))
            finally:
                process.terminate()
                process.join()
            print(f"{way}: {given.logins} sign in within {took:.1f} s; a board page, median and 99 %:")
            for name, share in (("median", 0.5), ("99 %", 0.99)):
                one, other = percentile(before, share), percentile(during, share)
                print(f"  {name:>6}: alone {one:7.1f} ms, beside {other:7.1f} ms ({other / one:.1f} times)")


if __name__ == "__main__":
    main()
