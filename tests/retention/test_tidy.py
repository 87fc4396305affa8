"""What is let go, and what never."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import anyio
import pytest
from sqlalchemy import text

from goatedvips.kit.partitions import make_room
from goatedvips.models import Base
from goatedvips.outbox.service import Event, deliver, tell
from goatedvips.retention.repository import OLD
from goatedvips.retention.rules import FOR_EVER, UNTIL_DELETION, Rule, rules
from goatedvips.retention.service import Gone, Retention
from tests.pipeline import NOON, Pipeline, row
from tests.retention.leftovers import add_log_days, add_row, counts, keeping


async def tidied(pipeline: Pipeline, *, days: int = 30) -> dict[str, int]:
    """Return how much went, by table."""
    return gone_by_table(await keeping(pipeline, days=days).tidy(actor="test"))


def gone_by_table(gone: list[Gone]) -> dict[str, int]:
    return {each.rule.table: each.count for each in gone}


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
    assert (first["feed_reports"], await kept(pipeline)) == (0, [1, 2, 3, 4])
    pipeline.clock.move(seconds=1)
    second = await tidied(pipeline)
    assert (second["feed_reports"], await kept(pipeline)) == (1, [2, 3, 4])
    pipeline.clock.move(days=99)
    third = await tidied(pipeline)

    assert (third["feed_reports"], await kept(pipeline)) == (2, [3])
    assert (await pipeline.pull(row("a", "4"))).status == "completed"


async def test_a_report_that_comes_again_is_as_young_as_when_it_came_last(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"))
    await pipeline.pull(row("a", "2"))
    await pipeline.pull(row("a", "1"), days=20)
    await pipeline.pull(row("a", "3"))
    pipeline.clock.move(days=11)

    assert (await tidied(pipeline))["feed_reports"] == 1
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
    too_early = await tidied(pipeline, days=99)
    pipeline.clock.move(days=1)

    in_time = await tidied(pipeline, days=99)

    assert before[0] == (1, "report_to_totals")
    assert (too_early["transformation_logs"], in_time["transformation_logs"]) == (0, 1)
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

    assert (too_early["outbox"], in_time["outbox"]) == (0, 1)
    assert await pipeline.fetch("SELECT key FROM outbox") == [("waiting",)]


def test_every_table_has_a_rule_or_is_kept() -> None:
    ruled = {rule.table for rule in rules(timedelta(days=30))}
    tables = set(Base.metadata.tables)

    assert ruled | FOR_EVER | UNTIL_DELETION == tables
    assert len(ruled) + len(FOR_EVER) + len(UNTIL_DELETION) == len(tables)
    # How whole days go and who lapses is no condition on one table's rows.
    assert ruled - {"users", "transformation_logs", "api_request_logs"} == OLD.keys()


@pytest.mark.parametrize(
    ("table", "instants", "age"),
    [
        ("idempotency_keys", {"created_at": 0}, timedelta(hours=24)),
        ("login_attempts", {"at": 0}, timedelta(days=1)),
        ("user_tokens", {"used_at": 0, "expires_at": 5}, timedelta(days=7)),
        ("user_tokens", {"used_at": None, "expires_at": 0}, timedelta(days=7)),
        ("user_sessions", {"expires_at": 0}, timedelta(days=30)),
        ("user_devices", {"last_used_at": 0}, timedelta(days=365)),
        ("outbox", {"delivered_at": 0}, timedelta(days=30)),
    ],
)
async def test_a_row_goes_when_its_time_is_over_and_not_a_moment_sooner(
    pipeline: Pipeline, table: str, instants: dict[str, int | None], age: timedelta
) -> None:
    await add_row(pipeline, table, instants)
    pipeline.clock.now = NOON + age
    too_early = await tidied(pipeline)
    pipeline.clock.move(seconds=1)

    in_time = await tidied(pipeline)

    assert (too_early[table], in_time[table]) == (0, 1)
    assert (await counts(pipeline))[table] == 0


@pytest.mark.parametrize(
    ("table", "instants"),
    [
        ("user_tokens", {"used_at": None, "expires_at": 500 * 24 * 60}),
        ("user_sessions", {"expires_at": 500 * 24 * 60}),
        ("outbox", {"delivered_at": None}),
    ],
)
async def test_what_is_still_good_or_waiting_stays(
    pipeline: Pipeline, table: str, instants: dict[str, int | None]
) -> None:
    await add_row(pipeline, table, instants)
    pipeline.clock.move(days=400)

    assert (await tidied(pipeline))[table] == 0


async def test_after_forty_days_off_all_that_is_due_goes_at_once(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"), minutes=0)
    await add_log_days(pipeline, 40)
    await add_row(pipeline, "login_attempts", {"at": 0}, times=2000)
    pipeline.clock.move(days=40)
    due = gone_by_table(await keeping(pipeline).look())

    gone = gone_by_table(await small_batches(pipeline).tidy(actor="test"))

    assert gone == due
    assert gone["api_request_logs"] == 33
    assert gone["transformation_logs"] == 10
    assert gone["login_attempts"] == 2000
    assert set((await tidied(pipeline)).values()) == {0}
    days = "SELECT count(DISTINCT tableoid) FROM {}"
    assert await pipeline.fetch(days.format("api_request_logs")) == [(7,)]
    assert await pipeline.fetch(days.format("transformation_logs")) == [(30,)]
    # Race data and readings stay.
    assert await pipeline.fetch("SELECT count(*) FROM wager_readings") == [(1,)]
    assert (await pipeline.pull(row("a", "2"))).status == "completed"


def small_batches(pipeline: Pipeline) -> Retention:
    retention = keeping(pipeline)
    return replace(retention, rules=[replace(rule, at_once=300) for rule in retention.rules])


async def test_much_goes_in_small_transactions(pipeline: Pipeline) -> None:
    await add_row(pipeline, "login_attempts", {"at": 0}, times=1000)
    pipeline.clock.move(days=2)
    await pipeline.execute(
        "CREATE TABLE taken (at_once bigint);"
        "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$"
        " BEGIN INSERT INTO taken SELECT count(*) FROM gone; RETURN NULL; END $$;"
        "CREATE TRIGGER watch AFTER DELETE ON login_attempts REFERENCING OLD TABLE AS gone"
        " FOR EACH STATEMENT EXECUTE FUNCTION watch()"
    )

    await small_batches(pipeline).tidy(actor="test")

    transactions = "SELECT at_once, count(*) OVER (PARTITION BY xmin::text) FROM taken ORDER BY 1 DESC"
    assert await pipeline.fetch(transactions) == [(300, 1), (300, 1), (300, 1), (100, 1)]


async def test_a_look_changes_nothing(pipeline: Pipeline) -> None:
    for total in "12":
        await pipeline.pull(row("a", total))
    await add_log_days(pipeline, 10)
    await add_row(pipeline, "login_attempts", {"at": 0})
    await add_row(pipeline, "user_devices", {"last_used_at": 0})
    pipeline.clock.move(days=400)
    before = await counts(pipeline)

    due = gone_by_table(await keeping(pipeline).look())

    assert await counts(pipeline) == before
    assert due["feed_reports"] == due["login_attempts"] == due["user_devices"] == 1
    assert due["api_request_logs"] == 10
    assert gone_by_table(await keeping(pipeline).tidy(actor="test")) == due


async def test_a_reader_is_not_made_to_wait_and_the_day_goes_an_hour_later(pipeline: Pipeline) -> None:
    await add_log_days(pipeline, 3)
    await add_row(pipeline, "login_attempts", {"at": 0})
    pipeline.clock.move(days=20)
    async with pipeline.owner.begin() as reader:
        await reader.execute(text("SELECT count(*) FROM api_request_logs"))
        with anyio.fail_after(20):
            held_up = await keeping(pipeline).tidy(actor="test")

    assert [each.rule.table for each in held_up if each.is_put_off] == ["api_request_logs"]
    assert gone_by_table(held_up)["login_attempts"] == 1, "nothing else is held up"
    assert (await tidied(pipeline))["api_request_logs"] == 3


async def test_two_workers_that_tidy_at_once_do_not_wait_for_each_other(pipeline: Pipeline) -> None:
    await add_row(pipeline, "login_attempts", {"at": 0}, times=2)
    pipeline.clock.move(days=2)
    async with pipeline.engine.begin() as other:
        await other.execute(
            text("DELETE FROM login_attempts WHERE id = (SELECT min(id) FROM login_attempts)")
        )
        with anyio.fail_after(20):
            gone = await tidied(pipeline)

    assert gone["login_attempts"] == 1
    assert (await counts(pipeline))["login_attempts"] == 0


async def test_workers_that_tidy_at_once_drop_every_day_once(pipeline: Pipeline) -> None:
    await add_log_days(pipeline, 40)
    pipeline.clock.move(days=40)

    gone = await asyncio.gather(*(keeping(pipeline).tidy(actor="test") for _ in range(4)))

    for table, days in (("api_request_logs", 33), ("transformation_logs", 10)):
        assert sum(gone_by_table(each)[table] for each in gone) == days
    assert set((await tidied(pipeline)).values()) == {0}


async def test_it_stops_in_time_and_goes_on_where_it_stopped(pipeline: Pipeline) -> None:
    await add_row(pipeline, "login_attempts", {"at": 0}, times=1000)
    pipeline.clock.move(days=2)
    ticking, began = small_batches(pipeline), pipeline.clock.now

    def clock() -> object:
        pipeline.clock.move(seconds=1)
        return pipeline.clock.now

    ticking = replace(ticking, clock=clock)  # type: ignore[arg-type]
    first = await ticking.tidy(actor="test", until=began + timedelta(seconds=8))
    second = await ticking.tidy(actor="test", until=began + timedelta(hours=1))

    assert not all(each.is_done for each in first)
    assert all(each.is_done for each in second)
    went = [gone_by_table(gone)["login_attempts"] for gone in (first, second)]
    assert min(went) > 0
    assert sum(went) == 1000


async def test_a_day_that_is_not_over_yet_everywhere_stays(pipeline: Pipeline) -> None:
    async with pipeline.engine.begin() as connection:
        await make_room(connection, "api_request_logs", NOON)
    for hours in (0, 7 * 24, 7 * 24 + 11):
        pipeline.clock.now = NOON + timedelta(hours=hours)
        assert (await tidied(pipeline))["api_request_logs"] == 0
    pipeline.clock.now = NOON + timedelta(days=7, hours=12)

    assert (await tidied(pipeline))["api_request_logs"] == 1


def test_a_rule_says_how_long_it_keeps() -> None:
    assert Rule("x", timedelta(days=7), "it").before(NOON) == NOON - timedelta(days=7)
