"""The worker: what it does at each step, and how long it then sleeps."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import anyio
import pytest

from goatedvips.settings import Settings
from goatedvips.sync.schedule import RETRY, RETRY_AWAITED
from goatedvips.worker import Worker, feed_settings, prepare, sync_service
from tests.pipeline import NOON, Hands, Pipeline, pipeline_over, report, row

INTERVAL = timedelta(minutes=5)


@pytest.fixture
async def pipeline(dsn: str) -> AsyncIterator[Pipeline]:
    async with pipeline_over(dsn) as pipeline:
        pipeline.feed.body = report([row("a", "1")])
        yield pipeline


@pytest.fixture
def worker(pipeline: Pipeline) -> Worker:
    return Worker(
        engine=pipeline.engine,
        sync=pipeline.sync,
        interval=INTERVAL,
        report_age=timedelta(days=30),
        clock=pipeline.clock,
    )


async def runs(pipeline: Pipeline) -> list[tuple[str, ...]]:
    return await pipeline.fetch("SELECT sync_type, status FROM sync_logs ORDER BY id")


async def test_the_first_step_pulls_and_the_next_sleeps(pipeline: Pipeline, worker: Worker) -> None:
    assert await worker.step() == 0
    assert await runs(pipeline) == [("scheduled", "completed")]

    pipeline.clock.move(seconds=10)
    # It looks every minute: another process may have made a race.
    assert await worker.step() == 60
    pipeline.clock.move(minutes=4, seconds=20)
    assert await worker.step() == 30
    pipeline.clock.move(seconds=30)
    assert await worker.step() == 0
    assert await runs(pipeline) == [("scheduled", "completed")] * 2
    assert pipeline.feed.times == 2


async def test_at_a_boundary_it_pulls_at_once_and_only_once(pipeline: Pipeline, worker: Worker) -> None:
    await pipeline.race(start_date=NOON + timedelta(seconds=30), end_date=NOON + timedelta(seconds=80))
    await worker.step()
    assert await worker.step() == 30
    pipeline.clock.move(seconds=30)
    assert await worker.step() == 0
    assert await worker.step() == 50
    pipeline.clock.move(seconds=50)
    assert await worker.step() == 0
    # Settled, and then nothing is left to do.
    assert await worker.step() == 0
    assert await worker.step() == 60

    assert await runs(pipeline) == [
        ("scheduled", "completed"),
        ("boundary", "completed"),
        ("boundary", "completed"),
    ]
    assert await pipeline.fetch("SELECT status, start_run_id, end_run_id FROM wager_races") == [
        ("completed", 2, 3)
    ]


@pytest.mark.parametrize(("awaited", "retry"), [(False, RETRY), (True, RETRY_AWAITED)])
async def test_after_a_failure_it_tries_again_before_the_interval_is_over(
    pipeline: Pipeline, worker: Worker, retry: timedelta, *, awaited: bool
) -> None:
    await worker.step()
    pipeline.clock.move(seconds=INTERVAL.total_seconds())
    if awaited:
        await pipeline.race()
    pipeline.feed.status = "503 Service Unavailable"
    assert await worker.step() == 0
    assert await worker.step() == retry.total_seconds()
    pipeline.clock.move(seconds=retry.total_seconds())
    pipeline.feed.status = "200 OK"
    await worker.step()

    assert [status for _, status in await runs(pipeline)] == ["completed", "failed", "completed"]


async def test_it_lets_another_worker_have_the_turn(pipeline: Pipeline, worker: Worker) -> None:
    pipeline.feed.gate.clear()
    other = asyncio.create_task(pipeline.another().pull("scheduled"))
    await pipeline.feed.asked.wait()
    pipeline.clock.move(minutes=6)

    assert await worker.step() == 1
    pipeline.feed.gate.set()
    await other

    assert pipeline.feed.times == 1


async def test_it_tidies_every_hour(pipeline: Pipeline, worker: Worker) -> None:
    await worker.step()
    await worker.step()
    pipeline.feed.body = report([row("a", "2")])
    pipeline.clock.move(days=31)
    await worker.step()
    await worker.step()

    assert await pipeline.fetch("SELECT count(*) FROM feed_reports") == [(1,)]


async def test_there_is_room_for_tomorrow_before_it_comes(pipeline: Pipeline, worker: Worker) -> None:
    await worker.step()
    await worker.step()

    rooms = await pipeline.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relispartition"
        " AND (relname LIKE '%20250327' OR relname LIKE '%202504') ORDER BY 1"
    )
    assert rooms == [
        ("api_request_logs_20250327",),
        ("transformation_logs_20250327",),
        ("wager_readings_202504",),
    ]


async def test_what_there_is_no_time_for_is_let_go_at_the_next_step(
    pipeline: Pipeline, worker: Worker
) -> None:
    await worker.step()
    await pipeline.execute(
        "INSERT INTO login_attempts (kind, subject_sha256, at) SELECT 'sign_in', '', '2025-01-01' "
        "FROM generate_series(1, 12000)"
    )
    # A look at the clock costs seven seconds, and a step has a minute.
    slow, left = (
        Worker(worker.engine, worker.sync, INTERVAL, worker.report_age, Slow(pipeline.clock)),
        [12_000],
    )
    while left[-1] and len(left) < 10:
        await slow.step()
        left += [many for (many,) in await pipeline.fetch("SELECT count(*) FROM login_attempts")]

    assert left[-1] == 0
    assert len(set(left)) > 2, "it took more than one step"


class Slow:
    """A clock that goes on whenever somebody looks at it."""

    def __init__(self, clock: Hands) -> None:
        self._clock = clock

    def __call__(self) -> datetime:
        self._clock.move(seconds=7)
        return self._clock.now


async def test_it_works_on_after_an_error_and_stops_when_it_is_told(
    pipeline: Pipeline, worker: Worker
) -> None:
    await pipeline.execute("ALTER TABLE race_series RENAME TO elsewhere")
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(stop))
    failing = "SELECT FROM pg_stat_database WHERE datname = current_database() AND xact_rollback > 0"
    with anyio.fail_after(30):
        while not await pipeline.fetch(failing):  # noqa: ASYNC110 - the database's state, not ours
            await anyio.sleep(0.01)
        await pipeline.execute("ALTER TABLE elsewhere RENAME TO race_series")
        await pipeline.feed.asked.wait()
        stop.set()
        await working

    assert pipeline.feed.times == 1


async def test_an_installation_begins_with_its_series(pipeline: Pipeline) -> None:
    settings = Settings(goatedvips_weekly_prize_pool="0", goatedvips_daily_prize_pool="5")

    for _ in range(2):
        await prepare(settings, pipeline.engine, clock=pipeline.clock)

    assert await pipeline.fetch("SELECT type, prize_pool, status FROM wager_races ORDER BY start_date") == [
        ("monthly", 50_000, "live"),
        ("daily", 500, "live"),
        ("daily", 500, "scheduled"),
        ("monthly", 50_000, "scheduled"),
    ]


async def test_the_operators_thresholds_and_times_reach_the_pipeline(pipeline: Pipeline) -> None:
    settings = Settings.model_validate(
        {
            "goated_api_url": pipeline.feed.url,
            "goated_referral_code": "CODE",
            "goated_api_token": "t0ken",
            "goated_api_total_timeout": 7,
            "goatedvips_max_shrink": 1,
            "goatedvips_max_zeroed": 1,
        }
    )
    feed = feed_settings(settings)
    assert (feed.url, feed.token, feed.total_timeout) == (pipeline.feed.url, "t0ken", 7)

    pipeline.sync = sync_service(settings, pipeline.engine, clock=pipeline.clock)
    await pipeline.pull(row("a", "1"), row("b", "1"), row("c", "1"))
    outcome = await pipeline.pull(row("a", "0"))

    assert outcome.status == "completed"
