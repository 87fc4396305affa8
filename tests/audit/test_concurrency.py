"""Many record at once, some change their mind, one is killed: the chain stays one chain without a gap."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.audit.service import Act, Verdict, record, verify
from goatedvips.kit.postgres import create_engine

RECORDER = Path(__file__).with_name("recorder.py")
WITHIN = 120.0
"""Seconds; a machine that does much else starts processes slowly."""
NOON = datetime(2026, 3, 26, 12, tzinfo=UTC)


@contextmanager
def recorder(dsn: str, name: str, transactions: int) -> Iterator[subprocess.Popen[str]]:
    """Start a process that records; it does not outlive the test, however that ends."""
    command = [sys.executable, str(RECORDER), dsn, name, str(transactions)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


async def verdict(engine: AsyncEngine) -> Verdict:
    async with engine.connect() as connection:
        return await verify(connection)


async def test_processes_that_record_at_once_make_one_chain_whoever_is_killed(
    dsn: str, engine: AsyncEngine
) -> None:
    with ExitStack() as running:
        victim = running.enter_context(recorder(dsn, "victim", 0))
        assert victim.stdout is not None
        assert victim.stdout.readline() == "recorded\n"
        # He holds the chain; these wait for him, and go on when he is gone.
        others = [running.enter_context(recorder(dsn, f"process-{number}", 40)) for number in range(4)]
        wait_until_blocked(dsn)
        victim.kill()
        assert victim.wait(WITHIN) == -9
        told = [int(other.communicate(timeout=WITHIN)[0]) for other in others]

    found = await verdict(engine)
    assert (found.entries, found.findings) == (sum(told), [])
    assert found.entries > 100


def wait_until_blocked(dsn: str) -> None:
    """Return once somebody waits for the chain."""
    query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 73402"
    with psycopg.connect(dsn, autocommit=True) as connection:
        give_up = time.monotonic() + WITHIN
        while connection.execute(query).fetchone() == (0,):
            assert time.monotonic() < give_up
            time.sleep(0.05)


async def test_connections_of_one_process_make_one_chain(dsn: str) -> None:
    engine = create_engine(dsn, pool_size=20)

    async def one(number: int) -> int:
        async with engine.connect() as connection:
            await record(connection, [Act("test", str(number), {})] * 2, actor="worker", at=NOON)
            if number % 3:
                await connection.commit()
        return 2 if number % 3 else 0

    committed = sum(await asyncio.gather(*[one(number) for number in range(60)]))

    found = await verdict(engine)
    assert (found.entries, found.findings) == (committed, []) == (80, [])
    await engine.dispose()
