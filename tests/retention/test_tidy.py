"""What is let go, and what never."""

from datetime import timedelta

from goatedvips.outbox.service import Event, deliver, tell
from goatedvips.retention.service import tidy
from tests.people import add_person
from tests.pipeline import NOON, Pipeline, row


async def tidied(pipeline: Pipeline, *, days: int = 30) -> tuple[int, int, int]:
    async with pipeline.engine.begin() as connection:
        return await tidy(connection, now=pipeline.clock(), report_age=timedelta(days=days))


async def kept(pipeline: Pipeline) -> list[int]:
    """Return the runs whose reports are still there."""
    runs = await pipeline.fetch(
        "SELECT id FROM sync_logs JOIN feed_reports ON sha256 = report_sha256 ORDER BY id"
    )
    return [run for (run,) in runs]


async def test_old_reports_go_but_never_the_last_one_that_was_applied(pipeline: Pipeline) -> None:
    for total in "123":
        await pipeline.pull(row("a", total), days=1)
    pipeline.feed.body = b"<html>"
    await pipeline.pull(days=1)

    pipeline.clock.now = NOON + timedelta(days=31)
    first = await tidied(pipeline)
    assert (first[0], await kept(pipeline)) == (0, [1, 2, 3, 4])
    pipeline.clock.move(seconds=1)
    second = await tidied(pipeline)
    assert (second[0], await kept(pipeline)) == (1, [2, 3, 4])
    pipeline.clock.move(days=99)
    third = await tidied(pipeline)

    assert (third[0], await kept(pipeline)) == (2, [3])
    assert (await pipeline.pull(row("a", "4"))).status == "completed"


async def test_a_report_that_comes_again_is_as_young_as_when_it_came_last(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"))
    await pipeline.pull(row("a", "2"))
    await pipeline.pull(row("a", "1"), days=20)
    await pipeline.pull(row("a", "3"))
    pipeline.clock.move(days=11)

    assert (await tidied(pipeline))[0] == 1
    assert await kept(pipeline) == [1, 3, 4]


async def test_the_reports_that_bound_a_race_stay_for_ever(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"), minutes=0)
    await pipeline.pull(row("a", "2"), minutes=10)
    await pipeline.race(end_date=NOON + timedelta(minutes=30))
    await pipeline.race(start_date=NOON, end_date=NOON + timedelta(minutes=30))
    for total in "3456":
        await pipeline.pull(row("a", total), minutes=10)
    pipeline.clock.move(days=400)

    await tidied(pipeline)

    # 1 starts the race that was made for the past, 2 the other one, 4 ends both; 6 was the last.
    assert await kept(pipeline) == [1, 2, 4, 6]


async def test_logs_of_transformations_go_by_the_day_after_thirty_days(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"), minutes=0)
    await pipeline.pull(row("a", "2"), days=1)
    logs = "SELECT run_id, transformation_type FROM transformation_logs ORDER BY id"
    before = await pipeline.fetch(logs)
    pipeline.clock.now = NOON + timedelta(days=30)
    _, too_early, _ = await tidied(pipeline, days=99)
    pipeline.clock.move(days=1)

    _, logs_gone, _ = await tidied(pipeline, days=99)

    assert before[0] == (1, "report_to_totals")
    assert (too_early, logs_gone) == (0, 1)
    assert await pipeline.fetch(logs) == [log for log in before if log[0] == 2]


async def test_events_go_thirty_days_after_they_were_delivered(pipeline: Pipeline) -> None:
    async with pipeline.engine.begin() as connection:
        await tell(connection, Event("told", "race.completed", "race:1", {}), now=NOON)
        await deliver(connection, now=NOON)
        await tell(connection, Event("waiting", "race.completed", "race:2", {}), now=NOON)
    pipeline.clock.now = NOON + timedelta(days=30)
    too_early = await tidied(pipeline)
    pipeline.clock.move(seconds=1)
    in_time = await tidied(pipeline)

    assert (too_early[2], in_time[2]) == (0, 1)
    assert await pipeline.fetch("SELECT key FROM outbox") == [("waiting",)]


async def test_idempotency_keys_go_after_a_day(pipeline: Pipeline) -> None:
    person = add_person(pipeline.dsn, "ann")
    for key, at in (("old", NOON), ("young", NOON + timedelta(seconds=1))):
        await pipeline.execute(
            "INSERT INTO idempotency_keys (user_id, key, request_sha256, created_at)"
            " VALUES (:user, :key, sha256('x'), :at)",
            user=person.id,
            key=key,
            at=at,
        )
    pipeline.clock.now = NOON + timedelta(days=1)

    await tidied(pipeline)

    assert await pipeline.fetch("SELECT key FROM idempotency_keys") == [("young",)]
