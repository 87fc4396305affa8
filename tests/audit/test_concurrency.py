"""Many record at once, some change their mind, one is killed: the chain stays one chain without a gap."""

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.audit.service import Act, Verdict, record, verify
from goatedvips.kit.postgres import create_engine

RECORDER = Path(__file__).with_name("recorder.py")
NOON = datetime(2026, 3, 26, 12, tzinfo=UTC)


def recorder(dsn: str, name: str, transactions: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(RECORDER), dsn, name, str(transactions)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def verdict(engine: AsyncEngine) -> Verdict:
    async with engine.connect() as connection:
        return await verify(connection)


async def test_processes_that_record_at_once_make_one_chain_whoever_is_killed(
    dsn: str, engine: AsyncEngine
) -> None:
    with recorder(dsn, "victim", 0) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "recorded\n"
        # He holds the chain; these wait for him, and go on when he is gone.
        others = [recorder(dsn, f"process-{number}", 40) for number in range(4)]
        wait_until_blocked(dsn)
        victim.kill()
    told = [int(other.communicate(timeout=60)[0]) for other in others]

    assert victim.returncode == -9
    found = await verdict(engine)
    assert (found.entries, found.findings) == (sum(told), [])
    assert found.entries > 100


def wait_until_blocked(dsn: str) -> None:
    """Return once somebody waits for the chain."""
    query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 73402"
    with psycopg.connect(dsn, autocommit=True) as connection:
        give_up = time.monotonic() + 30
        while connection.execute(query).fetchone() == (0,):
            assert time.monotonic() < give_up


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
