"""Reports that were not believed: applied after all, or discarded; once, and never backwards."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import pytest
from sqlalchemy import text

from goatedvips.audit.service import verify
from goatedvips.kit.errors import Conflict
from goatedvips.retention.service import tidy
from goatedvips.sync.outcome import Outcome
from goatedvips.sync.quarantine import service
from goatedvips.sync.quarantine.errors import (
    AlreadyDecided,
    ApplyUnderWay,
    Overtaken,
    QuarantinedRunNotFound,
    ReportGone,
)
from goatedvips.sync.quarantine.schemas import QuarantinedRun, QuarantineQuery
from goatedvips.sync.requests.schemas import SyncRequestView
from goatedvips.sync.requests.service import request_view
from goatedvips.worker import Worker
from tests.pipeline import NOON, Pipeline, row

WHY = "They left for another site."
TEN = [row(f"p{number}", "10") for number in range(10)]
FOUR = [row("p0", "11"), *TEN[1:4]]


async def quarantined(pipeline: Pipeline) -> int:
    """Take a report of ten players over and quarantine one of four; return its run."""
    await pipeline.pull(*TEN)
    outcome = await pipeline.pull(*FOUR)
    assert outcome.status == "quarantined"
    return outcome.run_id


async def asked(pipeline: Pipeline, run_id: int, actor: str = "user:7") -> int:
    async with pipeline.engine.begin() as connection:
        return await service.request_apply(connection, run_id, reason=WHY, actor=actor, now=pipeline.clock())


async def discarded(pipeline: Pipeline, run_id: int) -> None:
    async with pipeline.engine.begin() as connection:
        await service.discard(connection, run_id, reason=WHY, actor="user:8", now=pipeline.clock())


async def applied(pipeline: Pipeline) -> Outcome:
    outcome = await pipeline.sync.apply_reviewed()
    assert outcome is not None
    return outcome


async def run(pipeline: Pipeline, run_id: int) -> QuarantinedRun:
    async with pipeline.engine.connect() as connection:
        return await service.run_view(connection, run_id)


async def request(pipeline: Pipeline, request_id: int) -> SyncRequestView:
    async with pipeline.engine.connect() as connection:
        return await request_view(connection, request_id)


async def runs(pipeline: Pipeline) -> list[tuple[Any, ...]]:
    return await pipeline.fetch("SELECT sync_type, status FROM sync_logs ORDER BY id")


async def test_a_report_is_applied_past_the_judge_in_a_run_of_its_own(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    held_back = await quarantined(pipeline)
    request_id = await asked(pipeline, held_back)
    pipeline.clock.move(minutes=30)
    outcome = await applied(pipeline)

    assert (outcome.status, outcome.counts.updated) == ("completed", 1)
    assert outcome.as_of == (await run(pipeline, held_back)).as_of
    (mark,) = [mark for mark in outcome.marks if mark.code == "reviewed"]
    assert "the list shrank by 60.0%" in mark.text
    assert await pipeline.standings(race) == {"p0": 1_00000000}
    decision = (await run(pipeline, held_back)).decision
    assert decision is not None
    assert (decision.decision, decision.reason, decision.by) == ("applied", WHY, "user:7")
    done = await request(pipeline, request_id)
    assert (done.status, done.run_id, done.error) == ("completed", outcome.run_id, None)
    assert (await runs(pipeline))[-1] == ("review", "completed")


async def test_what_follows_is_compared_with_the_report_that_was_applied(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    assert (await pipeline.pull()).status == "quarantined"
    await asked(pipeline, held_back)
    await applied(pipeline)

    same = await pipeline.pull()
    other = await pipeline.pull(row("p0", "12"), *TEN[1:4])

    assert (same.status, same.counts.skipped) == ("completed", 4)
    assert (other.status, other.counts.updated) == ("completed", 1)
    assert (await pipeline.another().pull("scheduled")) is not None


async def test_another_process_compares_with_it_too(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    await asked(pipeline, held_back)
    assert await pipeline.another().apply_reviewed() is not None

    outcome = await pipeline.pull(row("p0", "12"), *TEN[1:4])

    assert (outcome.status, outcome.counts.updated) == ("completed", 1)


async def test_a_report_that_came_after_a_races_end_ends_it_once_it_is_applied(pipeline: Pipeline) -> None:
    await pipeline.pull(*TEN)
    race = await pipeline.race(end_date=NOON + timedelta(hours=1))
    await pipeline.pull(*TEN)
    late = await pipeline.pull(*FOUR, hours=1)
    await asked(pipeline, late.run_id)
    outcome = await applied(pipeline)

    assert await pipeline.fetch("SELECT end_run_id FROM wager_races WHERE id = :race", race=race) == [
        (outcome.run_id,)
    ]


async def test_a_report_of_before_a_races_start_starts_none(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    await asked(pipeline, held_back)
    race = await pipeline.race(start_date=pipeline.clock() + timedelta(minutes=1))
    pipeline.clock.move(minutes=2)
    await applied(pipeline)

    assert await pipeline.fetch("SELECT start_run_id FROM wager_races WHERE id = :race", race=race) == [
        (None,)
    ]


async def test_once_a_later_report_was_applied_it_is_too_late(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    await pipeline.pull(*TEN)

    with pytest.raises(Overtaken):
        await asked(pipeline, held_back)
    assert (await run(pipeline, held_back)).is_overtaken
    await discarded(pipeline, held_back)


async def test_a_report_that_comes_between_the_request_and_its_turn_refuses_it(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    request_id = await asked(pipeline, held_back)
    await pipeline.pull(*TEN)

    assert await pipeline.sync.apply_reviewed() is None
    refused = await request(pipeline, request_id)
    assert (refused.status, refused.run_id) == ("refused", None)
    assert "A later report" in (refused.error or "")
    assert (await run(pipeline, held_back)).decision is None
    await discarded(pipeline, held_back)


async def test_of_two_that_wait_the_younger_is_applied_and_the_older_only_before_it(
    pipeline: Pipeline,
) -> None:
    older = await quarantined(pipeline)
    younger = (await pipeline.pull(row("p0", "13"), *TEN[1:3])).run_id
    late = await asked(pipeline, younger)
    await applied(pipeline)

    with pytest.raises(Overtaken):
        await asked(pipeline, older)
    assert (await request(pipeline, late)).status == "completed"


async def test_both_are_applied_in_the_order_they_came(pipeline: Pipeline) -> None:
    older = await quarantined(pipeline)
    younger = (await pipeline.pull(row("p0", "13"), *TEN[1:3])).run_id
    for held_back in (older, younger):
        await asked(pipeline, held_back)
    outcomes = [await applied(pipeline), await applied(pipeline)]

    assert [outcome.status for outcome in outcomes] == ["completed"] * 2
    assert outcomes[0].as_of is not None
    assert outcomes[1].as_of is not None
    assert outcomes[0].as_of < outcomes[1].as_of
    assert await pipeline.sync.apply_reviewed() is None


async def test_it_is_decided_once(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    request_id = await asked(pipeline, held_back)
    with pytest.raises(ApplyUnderWay, match=f"request {request_id}"):
        await asked(pipeline, held_back)
    with pytest.raises(ApplyUnderWay):
        await discarded(pipeline, held_back)
    await applied(pipeline)

    with pytest.raises(AlreadyDecided, match="applied by user:7"):
        await discarded(pipeline, held_back)
    with pytest.raises(AlreadyDecided):
        await asked(pipeline, held_back)


async def test_what_was_discarded_is_never_applied(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    await discarded(pipeline, held_back)

    with pytest.raises(AlreadyDecided, match="discarded by user:8"):
        await asked(pipeline, held_back)


async def test_of_many_who_decide_at_once_one_does(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    outcomes = await asyncio.gather(
        discarded(pipeline, held_back),
        *(asked(pipeline, held_back, f"user:{number}") for number in range(4)),
        return_exceptions=True,
    )

    refused = [each for each in outcomes if isinstance(each, Conflict)]
    assert len(refused) == len(outcomes) - 1
    acts = "SELECT count(*) FROM audit_log WHERE action LIKE 'quarantine.%'"
    assert await pipeline.fetch(acts) == [(1,)]


async def test_only_quarantined_runs_are_decided_about(pipeline: Pipeline) -> None:
    good = (await pipeline.pull(*TEN)).run_id
    for run_id in (good, 999_999):
        with pytest.raises(QuarantinedRunNotFound):
            await asked(pipeline, run_id)
        with pytest.raises(QuarantinedRunNotFound):
            await discarded(pipeline, run_id)


async def test_a_report_that_was_let_go_cannot_be_applied(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    pipeline.clock.move(days=31)
    async with pipeline.engine.begin() as connection:
        await tidy(connection, now=pipeline.clock(), report_age=timedelta(days=30))

    with pytest.raises(ReportGone):
        await asked(pipeline, held_back)
    assert not (await run(pipeline, held_back)).is_kept
    await discarded(pipeline, held_back)


async def test_a_page_shows_what_is_decided_and_what_is_open(pipeline: Pipeline) -> None:
    first = await quarantined(pipeline)
    second = (await pipeline.pull()).run_id
    await discarded(pipeline, first)
    async with pipeline.engine.connect() as connection:
        pages = [
            await service.listed(connection, QuarantineQuery(reviewed=reviewed))
            for reviewed in (None, True, False)
        ]

    assert [[each.run_id for each in page.data] for page in pages] == [[second, first], [first], [second]]
    assert [page.pagination.total for page in pages] == [2, 1, 1]
    assert "the list shrank by" in pages[0].data[0].reasons[0]


async def test_who_asked_and_what_came_of_it_is_in_the_audit_log(pipeline: Pipeline) -> None:
    held_back = await quarantined(pipeline)
    request_id = await asked(pipeline, held_back)
    outcome = await applied(pipeline)

    assert await pipeline.fetch(
        "SELECT actor, action, subject, details FROM audit_log WHERE action LIKE 'quarantine%' ORDER BY id"
    ) == [
        (
            "user:7",
            "quarantine.apply_requested",
            f"run:{held_back}",
            {"request": request_id, "reason": WHY},
        ),
        (
            "worker",
            "quarantine.applied",
            f"run:{held_back}",
            {"request": request_id, "run": outcome.run_id, "by": "user:7"},
        ),
    ]
    async with pipeline.engine.connect() as connection:
        assert (await verify(connection)).findings == []


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
