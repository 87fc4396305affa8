"""One run at a time, over all processes, whatever dies when."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import anyio
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from goatedvips.sync.outcome import STEPS
from goatedvips.sync.repository import Closing, Runs, RunTakenOver
from tests.pipeline import Pipeline, report, row

EVERYTHING = (
    "SELECT * FROM players ORDER BY id",
    "SELECT * FROM wager_totals ORDER BY player_id",
    "SELECT * FROM wager_readings ORDER BY player_id, as_of",
    "SELECT * FROM player_names ORDER BY player_id, run_id",
    # The default series are looked after by whoever comes first, which is no part of a run.
    "SELECT * FROM wager_races WHERE series_id IS NULL ORDER BY id",
    "SELECT * FROM wager_race_participants ORDER BY race_id, player_id",
    "SELECT * FROM transformation_logs ORDER BY id",
)


async def everything(pipeline: Pipeline) -> list[Any]:
    return [await pipeline.fetch(query) for query in EVERYTHING]


async def statuses(pipeline: Pipeline) -> list[str]:
    return [status for (status,) in await pipeline.fetch("SELECT status FROM sync_logs ORDER BY id")]


async def until(true: Callable[[], Awaitable[object]]) -> None:
    with anyio.fail_after(30):
        while not await true():  # noqa: ASYNC110 - what another process does sets no event here
            await anyio.sleep(0.01)


async def test_of_two_pulls_at_once_only_one_gets_the_turn(pipeline: Pipeline) -> None:
    pipeline.feed.body = report([row("a", "1")])
    pipeline.feed.gate.clear()
    first = asyncio.create_task(pipeline.sync.pull("scheduled"))
    await pipeline.feed.asked.wait()

    second = await pipeline.another().pull("scheduled")
    pipeline.feed.gate.set()
    outcome = await first

    assert second is None
    assert outcome is not None
    assert outcome.status == "completed"
    assert await statuses(pipeline) == ["completed"]
    assert pipeline.feed.times == 1


async def test_who_waits_gets_the_turn_after_the_first(pipeline: Pipeline) -> None:
    pipeline.feed.body = report([row("a", "1")])
    pipeline.feed.gate.clear()
    first = asyncio.create_task(pipeline.sync.pull("scheduled"))
    await pipeline.feed.asked.wait()
    second = asyncio.create_task(pipeline.another().pull("manual", wait=True))
    waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    await until(lambda: pipeline.fetch(waiting))
    assert await statuses(pipeline) == ["running"]

    pipeline.feed.gate.set()
    outcomes = await first, await second

    assert [outcome and outcome.run_id for outcome in outcomes] == [1, 2]
    assert await pipeline.fetch("SELECT sync_type, status FROM sync_logs ORDER BY id") == [
        ("scheduled", "completed"),
        ("manual", "completed"),
    ]


async def test_a_run_that_a_dead_process_left_open_is_closed_by_the_next(pipeline: Pipeline) -> None:
    await pipeline.execute(
        "INSERT INTO sync_logs (sync_type, target_entity, start_time) VALUES ('scheduled', 'wagers', now())"
    )

    outcome = await pipeline.pull(row("a", "1"))

    assert outcome.status == "completed"
    assert await pipeline.fetch("SELECT status, error FROM sync_logs ORDER BY id LIMIT 1") == [
        ("failed", "The process that made this run died before its end.")
    ]


async def test_a_run_that_was_declared_dead_applies_nothing(pipeline: Pipeline) -> None:
    await pipeline.race()
    await pipeline.pull(row("a", "1"))
    before = await everything(pipeline)
    pipeline.feed.body = report([row("a", "2", name="Ann"), row("b", "5")])
    pipeline.feed.gate.clear()
    pipeline.feed.asked.clear()
    pulling = asyncio.create_task(pipeline.sync.pull("scheduled"))
    await pipeline.feed.asked.wait()
    await pipeline.execute(
        "UPDATE sync_logs SET status = 'failed', end_time = now(), error = 'dead' WHERE status = 'running'"
    )

    pipeline.feed.gate.set()
    with pytest.raises(RunTakenOver):
        await pulling

    assert before == await everything(pipeline)
    assert await statuses(pipeline) == ["completed", "failed"]
    applied = await pipeline.pull()
    assert (applied.counts.created, applied.counts.updated) == (1, 1)


async def test_an_error_of_ours_ends_the_run_as_failed_and_changes_nothing(pipeline: Pipeline) -> None:
    await pipeline.race()
    await pipeline.pull(row("a", "1"))
    before = await everything(pipeline)
    await pipeline.execute("ALTER TABLE wager_race_participants RENAME TO elsewhere")

    with capture_logs() as logged, pytest.raises(Exception, match="wager_race_participants"):
        await pipeline.pull(row("a", "2"), row("b", "5"))
    await pipeline.execute("ALTER TABLE elsewhere RENAME TO wager_race_participants")

    assert [entry["event"] for entry in logged] == ["sync.crashed"]
    assert before == await everything(pipeline)
    assert await pipeline.fetch("SELECT status, error FROM sync_logs ORDER BY id") == [
        ("completed", None),
        ("failed", "An error of ours: ProgrammingError."),
    ]


FULL = """
    CREATE FUNCTION fill_the_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION USING ERRCODE = 'disk_full', HINT = 'Check free disk space.',
            MESSAGE = 'could not extend file "base/5/16402": No space left on device';
    END $$"""


async def test_a_full_disk_is_named_in_the_run_and_once_in_the_log(pipeline: Pipeline) -> None:
    await pipeline.race()
    await pipeline.pull(row("a", "1"))
    before = await everything(pipeline)
    await pipeline.execute(FULL)
    await pipeline.execute(
        "CREATE TRIGGER full_disk BEFORE INSERT ON wager_readings EXECUTE FUNCTION fill_the_disk()"
    )
    said = 'The database could not store it: could not extend file "base/5/16402": No space left on device.'

    with capture_logs() as logged:
        outcome = await pipeline.pull(row("a", "2"), row("b", "5"))

    assert (outcome.status, outcome.error) == ("failed", said)
    assert [(entry["log_level"], entry["error"]) for entry in logged] == [("warning", said)]
    assert before == await everything(pipeline)
    assert await pipeline.fetch("SELECT error FROM sync_logs ORDER BY id DESC LIMIT 1") == [(said,)]

    await pipeline.execute("DROP TRIGGER full_disk ON wager_readings")

    assert (await pipeline.pull()).counts.created == 1


async def test_a_run_ends_once(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"))

    async with pipeline.engine.begin() as connection:
        with pytest.raises(RunTakenOver):
            await Runs(connection).close(1, Closing("failed", pipeline.clock()))


async def test_whoever_watches_a_run_hears_of_its_steps(pipeline: Pipeline) -> None:
    pipeline.feed.body = report([row("a", "1")])
    heard: list[tuple[str, int, int | None]] = []

    def watch(step: str, *, done: int = 0, total: int | None = None) -> None:
        heard.append((step, done, total))

    outcome = await pipeline.sync.pull("manual", watcher=watch)

    size = len(pipeline.feed.body)
    assert heard[0] == ("fetch", 0, None)
    assert ("fetch", size, size) in heard
    steps = list(dict.fromkeys(step for step, _, _ in heard))
    assert set(steps) == set(STEPS)
    assert steps[-1] == "announce"
    assert outcome is not None
    assert outcome.steps.keys() == set(STEPS)


@asynccontextmanager
async def command(pipeline: Pipeline) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `goatedvips sync` in a process of its own; it is killed, if it has not ended."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GOATED")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "goatedvips", "sync", "--json", "--database-url", pipeline.dsn),
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


async def test_a_process_killed_while_it_fetches_leaves_the_database_as_it_was(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"))
    pipeline.feed.body = report([row("a", "2", name="Ann"), row("b", "5")])
    pipeline.feed.gate.clear()
    pipeline.feed.asked.clear()
    async with command(pipeline) as process:
        with anyio.fail_after(60):
            await pipeline.feed.asked.wait()
        before = await everything(pipeline)
        process.send_signal(signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL

    pipeline.feed.gate.set()
    assert before == await everything(pipeline)
    outcome = await pipeline.sync.pull("manual", wait=True)

    assert outcome is not None
    assert (outcome.status, outcome.counts.created, outcome.counts.updated) == ("completed", 1, 1)
    assert await statuses(pipeline) == ["completed", "failed", "completed"]


async def test_a_process_killed_inside_its_transaction_leaves_the_database_as_it_was(
    pipeline: Pipeline,
) -> None:
    # The command lives by the real clock, to which a race of the story's would be long overdue.
    race = await pipeline.race(end_date=datetime(2999, 1, 1, tzinfo=UTC))
    await pipeline.pull(row("a", "1"))
    before = await everything(pipeline)
    pipeline.feed.body = report([row("a", "2", name="Ann"), row("b", "5")])
    async with pipeline.owner.connect() as blocker:
        # The amounts are stored by then, and the run waits for this table.
        await blocker.execute(text("LOCK TABLE transformation_logs IN ACCESS EXCLUSIVE MODE"))
        async with command(pipeline) as process:
            stuck = (
                "SELECT FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND query ~ 'transformation|make_room'"
            )
            await until(lambda: pipeline.fetch(stuck))
            process.send_signal(signal.SIGKILL)
            assert await process.wait() == -signal.SIGKILL
    theirs = (
        "SELECT WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'goatedvips sync')"
    )
    await until(lambda: pipeline.fetch(theirs))
    assert before == await everything(pipeline)

    outcome = await pipeline.sync.pull("manual", wait=True)

    assert outcome is not None
    assert (outcome.status, outcome.counts.created, outcome.counts.updated) == ("completed", 1, 1)
    assert await statuses(pipeline) == ["completed", "failed", "completed"]
    readings = await pipeline.fetch("SELECT run_id, all_time FROM wager_readings ORDER BY as_of, player_id")
    assert readings == [(1, 100_000_000), (3, 200_000_000), (3, 500_000_000)]
    assert await pipeline.standings(race) == {"a": 100_000_000, "b": 500_000_000}
