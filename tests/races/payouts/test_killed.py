"""Whoever pays may be killed at any moment: what is paid is posted, and what is not is still owed."""

import random
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests.pipeline import Pipeline
from tests.races.payouts.winners import approved, findings, payed, settled_race, statuses

PAYER = Path(__file__).with_name("payer.py")
SIZE = 6
AUDIT_TURN = 73402
WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 73402)"
GONE = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'payer')"


def payer(dsn: str, size: int = SIZE) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(PAYER), dsn, str(size)], stdout=subprocess.PIPE, text=True)


def wait_until(connection: psycopg.Connection, query: str) -> None:
    give_up = time.monotonic() + 60
    while connection.execute(query).fetchone() != (True,):
        assert time.monotonic() < give_up, query


async def test_who_is_killed_before_the_end_of_his_batch_has_paid_nobody(pipeline: Pipeline) -> None:
    awards = await settled_race(pipeline, winners=20)
    await approved(pipeline, awards)
    with psycopg.connect(pipeline.dsn, autocommit=True) as connection:
        # The audit log is written last: who waits for it has done all the rest.
        connection.execute("SELECT pg_advisory_lock(%s)", (AUDIT_TURN,))
        with payer(pipeline.dsn, len(awards)) as victim:
            wait_until(connection, WAITING)
            victim.kill()
        connection.execute("SELECT pg_advisory_unlock(%s)", (AUDIT_TURN,))
        wait_until(connection, GONE)

    assert set((await statuses(pipeline)).values()) == {"approved"}
    assert await findings(pipeline) == []
    again = await payed(pipeline, dict.fromkeys(awards, "W-1"))
    assert len(again.changed) == 20
    assert await findings(pipeline) == []


async def test_who_is_killed_amid_many_batches_leaves_whole_ones(pipeline: Pipeline) -> None:
    awards = await settled_race(pipeline, winners=20 * SIZE)
    await approved(pipeline, awards)
    chance = random.Random(7)
    with psycopg.connect(pipeline.dsn, autocommit=True) as connection:
        for _ in range(4):
            with payer(pipeline.dsn) as victim:
                assert victim.stdout is not None
                for _ in range(chance.randint(1, 4)):
                    assert victim.stdout.readline()
                victim.kill()
            wait_until(connection, GONE)

            held = await statuses(pipeline)
            batches = [
                {held[award] for award in awards[at : at + SIZE]} for at in range(0, len(awards), SIZE)
            ]
            assert all(batch in ({"paid"}, {"approved"}) for batch in batches)
            assert await findings(pipeline) == []
    with payer(pipeline.dsn) as last:
        rest, _ = last.communicate(timeout=60)

    assert rest
    assert set((await statuses(pipeline)).values()) == {"paid"}
    assert await findings(pipeline) == []
