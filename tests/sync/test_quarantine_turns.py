"""Who applies a quarantined report, and when; and whoever is killed while he does it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import anyio
import pytest
from sqlalchemy import text

from goatedvips.sync.quarantine.errors import ApplyUnderWay
from goatedvips.worker import Worker
from tests.pipeline import Pipeline
from tests.sync.held_back import WHY, applied, asked, quarantined, request, run, runs


async def test_a_worker_applies_it_before_it_asks_the_feed(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    await asked(pipeline, held_back)
    pipeline.clock.move(minutes=30)
    worker = Worker(
        engine=pipeline.engine,
        sync=pipeline.sync,
        interval=timedelta(minutes=5),
        report_age=timedelta(days=30),
        clock=pipeline.clock,
    )

    assert await worker.step() == 0
    assert await worker.step() == 0
    assert (await runs(pipeline))[-2:] == [("review", "completed"), ("scheduled", "completed")]


async def test_a_worker_waits_while_another_one_has_the_turn(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    request_id = await asked(pipeline, held_back)
    pipeline.feed.gate.clear()
    pipeline.feed.asked.clear()
    pulling = asyncio.create_task(pipeline.another().pull("scheduled"))
    await pipeline.feed.asked.wait()

    assert await pipeline.sync.apply_reviewed() is None
    assert (await request(pipeline, request_id)).status == "waiting"
    pipeline.feed.gate.set()
    await pulling
    assert (await applied(pipeline)).status == "completed"


@asynccontextmanager
async def command(pipeline: Pipeline, run_id: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Apply a report in a process of its own; it is killed, if it has not ended."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GOATED")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "goatedvips", "quarantine", "apply", str(run_id)),
        *("--reason", WHY, "--as", "ann", "--json", "--database-url", pipeline.dsn),
        env=environment | {"GOATED_API_URL": pipeline.feed.url, "GOATED_REFERRAL_CODE": "CODE"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until(true: Callable[[], Awaitable[object]]) -> None:
    with anyio.fail_after(60):
        while not await true():  # noqa: ASYNC110 - what another process does sets no event here
            await anyio.sleep(0.01)


async def test_who_is_killed_while_he_applies_it_has_decided_nothing(pipeline: Pipeline) -> None:
    # The command lives by the real clock.
    pipeline.clock.now = datetime.now(UTC)
    held_back = await quarantined(pipeline)
    before = await pipeline.amounts()
    async with pipeline.owner.connect() as blocker:
        # The amounts are stored by then, and the run waits for this table.
        await blocker.execute(text("LOCK TABLE quarantine_reviews IN SHARE MODE"))
        async with command(pipeline, held_back) as process:
            stuck = (
                "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'quarantine_reviews'"
            )
            await until(lambda: pipeline.fetch(stuck))
            process.send_signal(signal.SIGKILL)
            assert await process.wait() == -signal.SIGKILL
    theirs = (
        "SELECT WHERE NOT EXISTS"
        " (SELECT FROM pg_stat_activity WHERE application_name = 'goatedvips quarantine')"
    )
    await until(lambda: pipeline.fetch(theirs))
    assert await pipeline.amounts() == before
    assert (await run(pipeline, held_back)).decision is None

    # The next run closes the dead one; then it can be asked for again.
    with pytest.raises(ApplyUnderWay):
        await asked(pipeline, held_back)
    assert (await pipeline.pull()).status == "quarantined"
    await asked(pipeline, held_back)
    assert (await applied(pipeline)).status == "completed"
    assert (await pipeline.amounts())["p0"][3] == 11
