"""Reports asked for by hand: whoever begins a run does what all of them ask for."""

import asyncio
from datetime import timedelta

import anyio
import pytest

from goatedvips.settings import Settings
from goatedvips.sync.requests.errors import SyncRequestNotFound
from goatedvips.sync.requests.schemas import SyncRequestView, SyncStatus
from goatedvips.sync.requests.service import ask_for_report, request_view, sync_status
from goatedvips.worker import Worker, work
from tests.pipeline import Pipeline, report, row
from tests.roles import app_dsn


@pytest.fixture
async def worker(pipeline: Pipeline) -> Worker:
    """A worker that has just pulled and has nothing to do."""
    pipeline.feed.body = report([row("a", "1")])
    worker = Worker(
        engine=pipeline.engine,
        sync=pipeline.sync,
        interval=timedelta(minutes=5),
        report_age=timedelta(days=30),
        clock=pipeline.clock,
    )
    await worker.step()
    return worker


async def asked(pipeline: Pipeline) -> int:
    async with pipeline.engine.begin() as connection:
        return await ask_for_report(connection, actor="user:7", now=pipeline.clock())


async def request(pipeline: Pipeline, request_id: int) -> SyncRequestView:
    async with pipeline.engine.connect() as connection:
        return await request_view(connection, request_id)


async def status(pipeline: Pipeline) -> SyncStatus:
    async with pipeline.engine.connect() as connection:
        return await sync_status(connection, pipeline.clock())


async def test_a_report_that_is_asked_for_is_pulled_at_once(pipeline: Pipeline, worker: Worker) -> None:
    assert await worker.step() == 60
    first, second = await asked(pipeline), await asked(pipeline)
    waiting = await request(pipeline, first)

    assert await worker.step() == 0
    assert await worker.step() == 60
    done = [await request(pipeline, each) for each in (first, second)]

    assert (waiting.status, waiting.kind, waiting.run_id) == ("waiting", "pull", None)
    assert [(each.status, each.run_id) for each in done] == [("completed", 2)] * 2
    assert await pipeline.fetch("SELECT sync_type FROM sync_logs ORDER BY id") == [
        ("scheduled",),
        ("manual",),
    ]
    assert await pipeline.fetch("SELECT actor, action, subject FROM audit_log WHERE action ~ 'sync'") == [
        ("user:7", "sync.requested", f"sync_request:{each}") for each in (first, second)
    ]


async def test_who_asks_during_a_run_gets_the_next_one(pipeline: Pipeline, worker: Worker) -> None:
    pipeline.feed.gate.clear()
    pipeline.feed.asked.clear()
    pulling = asyncio.create_task(pipeline.another().pull("scheduled"))
    await pipeline.feed.asked.wait()
    request_id = await asked(pipeline)

    assert await worker.step() == 1
    assert (await request(pipeline, request_id)).status == "waiting"
    pipeline.feed.gate.set()
    await pulling
    await worker.step()

    assert (await request(pipeline, request_id)).run_id == 3


async def test_a_run_that_fails_answers_too_and_says_until_when_the_feed_is_left_alone(
    pipeline: Pipeline, worker: Worker
) -> None:
    pipeline.feed.status = "404 Not Found"
    pipeline.sync.feed._breaker.threshold = 1
    request_id = await asked(pipeline)
    await worker.step()
    failed = await request(pipeline, request_id)
    now = await status(pipeline)

    assert (failed.status, failed.run_id) == ("failed", 2)
    assert "404" in (failed.error or "")
    assert now.feed_rests_until == pipeline.clock() + timedelta(minutes=10)
    assert now.runs[0].status == "failed"

    # The worker leaves it alone; whoever asks by hand is not told to wait.
    pipeline.feed.status = "200 OK"
    pipeline.clock.move(minutes=2)
    await worker.step()
    assert "left alone" in ((await status(pipeline)).runs[0].error or "")
    again = await asked(pipeline)
    await worker.step()
    assert (await request(pipeline, again)).status == "completed"
    assert (await status(pipeline)).feed_rests_until is None


async def test_what_waits_is_shown_first(pipeline: Pipeline, worker: Worker) -> None:
    done = await asked(pipeline)
    await worker.step()
    waiting = await asked(pipeline)

    assert [each.id for each in (await status(pipeline)).requests] == [waiting, done]


async def test_a_request_that_nobody_made_is_not_there(pipeline: Pipeline) -> None:
    with pytest.raises(SyncRequestNotFound):
        await request(pipeline, 999_999)


async def test_a_worker_that_sleeps_wakes_up_for_it(pipeline: Pipeline) -> None:
    pipeline.feed.body = report([row("a", "1")])
    settings = Settings.model_validate(
        {
            "goated_api_url": pipeline.feed.url,
            "goated_referral_code": "CODE",
            "goatedvips_secret_key": "k" * 40,
        }
    )
    stop = asyncio.Event()
    working = asyncio.create_task(work(settings, app_dsn(pipeline.dsn), stop))
    done = "SELECT FROM sync_logs WHERE status = 'completed' AND sync_type = '{}'"
    with anyio.fail_after(30):
        while not await pipeline.fetch(done.format("scheduled")):  # noqa: ASYNC110 - another task's rows
            await anyio.sleep(0.01)
        await asked(pipeline)
        while not await pipeline.fetch(done.format("manual")):  # noqa: ASYNC110 - the same
            await anyio.sleep(0.01)
    stop.set()
    await working

    assert pipeline.feed.times == 2
