"""Reports that were not believed: applied after all, or discarded; once, and never backwards."""

import asyncio
from datetime import timedelta

import pytest

from goatedvips.audit.service import verify
from goatedvips.kit.errors import Conflict
from goatedvips.sync.quarantine import service
from goatedvips.sync.quarantine.errors import (
    AlreadyDecided,
    ApplyUnderWay,
    Overtaken,
    QuarantinedRunNotFound,
    ReportGone,
)
from goatedvips.sync.quarantine.schemas import QuarantineQuery
from tests.pipeline import NOON, Pipeline, row
from tests.retention.leftovers import keeping
from tests.sync.held_back import FOUR, TEN, WHY, applied, asked, discarded, quarantined, request, run, runs


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
    await keeping(pipeline).tidy(actor="test")

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
