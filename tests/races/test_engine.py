"""Races move on by the clock and by reports."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from goatedvips.audit.service import Act
from goatedvips.races.engine import DefaultSeries, found_series, tick
from goatedvips.races.errors import RaceNotFound, RaceNotOpen
from goatedvips.races.repository import Races
from goatedvips.races.service import cancel_race
from tests.pipeline import NOON, Pipeline, row

DOLLAR = 100_000_000
DAILY = DefaultSeries(monthly="0", weekly="0", daily="20", timezone="UTC")


async def found(pipeline: Pipeline, defaults: DefaultSeries = DAILY) -> None:
    async with pipeline.engine.begin() as connection:
        await found_series(connection, defaults, now=pipeline.clock())


async def ticked(pipeline: Pipeline) -> tuple[list[int], list[int]]:
    async with pipeline.engine.begin() as connection:
        acts = await tick(connection, pipeline.clock())
    return of(acts, "race.scheduled"), of(acts, "race.started")


def of(acts: list[Act], action: str) -> list[int]:
    return [int(act.subject.removeprefix("race:")) for act in acts if act.action == action]


async def races(pipeline: Pipeline, columns: str) -> list[tuple[Any, ...]]:
    return await pipeline.fetch(f"SELECT {columns} FROM wager_races ORDER BY start_date, id")


async def test_a_race_goes_live_when_its_start_has_come(pipeline: Pipeline) -> None:
    race = await pipeline.race(start_date=NOON + timedelta(hours=1))
    pipeline.clock.move(minutes=59, seconds=59)
    too_early = await ticked(pipeline)
    pipeline.clock.move(seconds=1)
    in_time = await ticked(pipeline)
    again = await ticked(pipeline)

    assert [too_early, in_time, again] == [([], []), ([], [race]), ([], [])]
    assert await races(pipeline, "status, start_run_id, version") == [("live", None, 2)]


async def test_a_series_always_has_the_present_race_and_the_next(pipeline: Pipeline) -> None:
    await found(pipeline, DefaultSeries(monthly="500", weekly="100", daily="20", timezone="Europe/Berlin"))
    await ticked(pipeline)

    def berlin(month: int, day: int) -> datetime:
        # Summer time begins on 30 March.
        return datetime(2025, month, day, tzinfo=UTC) - timedelta(hours=2 if (month, day) > (3, 30) else 1)

    assert await races(pipeline, "type, status, start_date, end_date, prize_pool") == [
        ("monthly", "live", berlin(3, 1), berlin(4, 1), 50_000),
        ("weekly", "live", berlin(3, 24), berlin(3, 31), 10_000),
        ("daily", "live", berlin(3, 26), berlin(3, 27), 2_000),
        ("daily", "scheduled", berlin(3, 27), berlin(3, 28), 2_000),
        ("weekly", "scheduled", berlin(3, 31), berlin(4, 7), 10_000),
        ("monthly", "scheduled", berlin(4, 1), berlin(5, 1), 50_000),
    ]
    assert [name for (name,) in await races(pipeline, "name")][:3] == [
        "Monthly race, March 2025",
        "Weekly race, 24 March 2025",
        "Daily race, 26 March 2025",
    ]


async def test_a_default_series_that_was_renamed_is_not_founded_again(pipeline: Pipeline) -> None:
    await found(pipeline)
    await pipeline.execute("UPDATE race_series SET name = 'Dash', enabled = false")
    await found(pipeline)

    assert await pipeline.fetch("SELECT name FROM race_series") == [("Dash",)]


async def test_nothing_is_lost_between_races_when_a_clock_steps_back(pipeline: Pipeline) -> None:
    await found(pipeline)
    await ticked(pipeline)
    await pipeline.pull(row("a", "1"))
    pipeline.clock.now = datetime(2025, 3, 27, tzinfo=UTC)
    sync = pipeline.another()
    real = sync.feed.fetch

    async def stepping_back(**told: Any) -> Any:  # noqa: ANN401 - handed on
        answer = await real(**told)
        pipeline.clock.move(seconds=-2)
        return answer

    sync.feed.fetch = stepping_back  # type: ignore[method-assign]
    await sync.pull("boundary")
    await ticked(pipeline)

    assert await races(pipeline, "start_run_id, end_run_id") == [(1, 2), (2, None), (None, None)]


async def test_a_race_that_starts_while_a_report_is_taken_over_counts_from_it(pipeline: Pipeline) -> None:
    race = await pipeline.race(start_date=NOON + timedelta(minutes=1))
    # The report is in before the race is live: its start has come for the report, not yet for the worker.
    await pipeline.execute("UPDATE wager_races SET start_date = start_date + interval '1 hour'")
    await pipeline.pull(row("a", "1"), minutes=2)
    await pipeline.execute("UPDATE wager_races SET start_date = start_date - interval '1 hour'")
    await ticked(pipeline)
    await pipeline.pull(row("a", "8"))

    assert await races(pipeline, "start_run_id") == [(1,)]
    assert await pipeline.standings(race) == {"a": 7 * DOLLAR}


async def test_a_series_makes_each_race_once_however_often_and_wherever_it_is_asked(
    pipeline: Pipeline,
) -> None:
    await found(pipeline)
    await found(pipeline, DefaultSeries(monthly="0", weekly="0", daily="999", timezone="Asia/Tokyo"))
    async with pipeline.engine.connect() as one, one.begin():
        made = of(await tick(one, pipeline.clock()), "race.scheduled")
    for _ in range(2):
        await ticked(pipeline)

    assert len(made) == 2
    assert await races(pipeline, "prize_pool, timezone") == [(2_000, "UTC")] * 2
    with pytest.raises(DBAPIError, match="uq_wager_races_series_id_start_date"):
        await pipeline.execute("UPDATE wager_races SET start_date = '2025-03-26T00:00:00Z'")


async def test_a_series_that_is_off_makes_no_more_races(pipeline: Pipeline) -> None:
    await found(pipeline)
    await ticked(pipeline)
    await pipeline.execute("UPDATE race_series SET enabled = false")
    pipeline.clock.move(days=5)

    made, started = await ticked(pipeline)

    assert (made, len(started)) == ([], 1)


async def test_races_that_were_slept_through_are_made_up_for_in_order(pipeline: Pipeline) -> None:
    await found(pipeline)
    await pipeline.pull(row("a", "1"))
    await pipeline.pull(row("a", "2"))

    woken = await pipeline.pull(row("a", "9"), days=4)

    assert woken.status == "completed"
    found_races = await races(pipeline, "start_date::date::text, status, start_run_id, end_run_id")
    assert found_races == [
        ("2025-03-26", "live", 1, 3),
        ("2025-03-27", "live", 3, 3),
        ("2025-03-28", "live", 3, 3),
        ("2025-03-29", "live", 3, 3),
        ("2025-03-30", "live", 3, None),
        ("2025-03-31", "scheduled", None, None),
    ]
    ids = [race for (race,) in await races(pipeline, "id")]
    # Nobody can know on which of these days it was wagered: the race that was going on has it, once.
    assert [await pipeline.standings(race) for race in ids[:5]] == [{"a": 8 * DOLLAR}, {}, {}, {}, {}]


async def test_a_series_that_comes_late_counts_from_the_first_report_after_the_start(
    pipeline: Pipeline,
) -> None:
    await pipeline.pull(row("a", "1"), hours=-13)
    await pipeline.pull(row("a", "3"), hours=2)
    await pipeline.pull(row("a", "10"), row("b", "5"))
    await found(pipeline)

    await ticked(pipeline)

    (first, *_) = await races(pipeline, "id, start_run_id")
    assert first[1] == 2
    assert await pipeline.standings(first[0]) == {"a": 7 * DOLLAR, "b": 5 * DOLLAR}


async def test_back_to_back_races_share_their_boundary_run(pipeline: Pipeline) -> None:
    middle = NOON + timedelta(hours=1)
    first = await pipeline.race(end_date=middle)
    second = await pipeline.race(start_date=middle, end_date=middle + timedelta(hours=1))
    await pipeline.pull(row("a", "100"), row("b", "0"), minutes=0)
    await pipeline.pull(row("a", "130"), row("b", "0"), minutes=30)
    # What came in between is the first race's: the report that could part it was never made.
    await pipeline.pull(row("a", "150"), row("b", "7"), minutes=31)
    await pipeline.pull(row("a", "155"), row("b", "8"), minutes=30)
    await pipeline.pull(row("a", "200"), row("b", "9"), row("c", "1"), minutes=40)
    await pipeline.pull(row("a", "999"), row("b", "999"), row("c", "999"), minutes=5)

    assert await races(pipeline, "id, status, start_run_id, end_run_id") == [
        (first, "live", 1, 3),
        (second, "live", 3, 5),
    ]
    assert await pipeline.standings(first) == {"a": 50 * DOLLAR, "b": 7 * DOLLAR}
    assert await pipeline.standings(second) == {"a": 50 * DOLLAR, "b": 2 * DOLLAR, "c": DOLLAR}


async def test_what_later_runs_bring_no_longer_counts_and_who_was_there_first_stands_first(
    pipeline: Pipeline,
) -> None:
    race = await pipeline.race(end_date=NOON + timedelta(hours=1))
    await pipeline.pull(row("a", "1"), row("b", "1"), row("idle", "1"), minutes=0)
    await pipeline.pull(row("a", "6"), row("b", "1"), row("idle", "1"))
    await pipeline.pull(row("a", "6"), row("b", "6"), row("idle", "1"), hours=1)
    await pipeline.pull(row("a", "7"), row("b", "60"), row("idle", "10"))

    await pipeline.refresh()
    view = await pipeline.reader.race(race)
    assert view.frozen
    assert view.amounts.tolist() == [5 * DOLLAR, 5 * DOLLAR]
    assert view.reached.tolist() == [2, 3]
    assert view.as_of == NOON + timedelta(hours=1, minutes=5)
    # Who was there first stands first.
    assert [
        view.boards.uids[slot] for slot in view.boards.slots(view.entrants.player_ids[view.places.order])
    ] == [
        "a",
        "b",
    ]


async def test_a_total_that_falls_below_its_baseline_stands_at_nothing(pipeline: Pipeline) -> None:
    race = await pipeline.race(end_date=NOON + timedelta(hours=1))
    await pipeline.pull(row("a", "10"), minutes=0)
    await pipeline.pull(row("a", "8"))

    assert await pipeline.standings(race) == {"a": 0}
    assert (await pipeline.reader.race(race)).fallen == 1
    await pipeline.pull(row("a", "13"))
    assert await pipeline.standings(race) == {"a": 3 * DOLLAR}
    await pipeline.pull(row("a", "9"), hours=2)
    assert await pipeline.standings(race) == {"a": 0}


async def test_a_cancelled_race_moves_no_more(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "1"))
    await pipeline.pull(row("a", "2"))
    async with pipeline.engine.begin() as connection:
        await cancel_race(
            connection, race, reason="  The feed was down.  ", actor="test", now=pipeline.clock()
        )
    before = await pipeline.fetch("SELECT * FROM wager_race_participants")

    await pipeline.pull(row("a", "5"), row("b", "7"))
    await pipeline.pull(row("a", "6"), days=3)

    assert before == await pipeline.fetch("SELECT * FROM wager_race_participants")
    assert await races(pipeline, "status, start_run_id, end_run_id, metadata") == [
        ("cancelled", 1, None, {"cancelReason": "The feed was down.", "cancelRunId": 2})
    ]
    assert await pipeline.standings(race) == {}


async def test_a_race_is_cancelled_once(pipeline: Pipeline) -> None:
    race = await pipeline.race(start_date=NOON + timedelta(hours=1))
    async with pipeline.engine.begin() as connection:
        await cancel_race(connection, race, reason="No.", actor="test", now=pipeline.clock())
        with pytest.raises(RaceNotOpen, match="is cancelled"):
            await cancel_race(connection, race, reason="No.", actor="test", now=pipeline.clock())
        with pytest.raises(RaceNotFound):
            await cancel_race(connection, race + 1, reason="No.", actor="test", now=pipeline.clock())


async def test_a_boundary_is_told_to_whoever_sleeps_until_it(pipeline: Pipeline) -> None:
    await pipeline.race(start_date=NOON + timedelta(hours=1), end_date=NOON + timedelta(hours=3))
    live = await pipeline.race(end_date=NOON + timedelta(hours=2))
    await pipeline.pull(row("a"), minutes=0)

    async with pipeline.engine.connect() as connection:
        known = Races(connection)
        assert await known.next_boundary(NOON) == NOON + timedelta(hours=1)
        assert await known.next_boundary(NOON + timedelta(hours=1)) == NOON + timedelta(hours=2)
        assert await known.next_boundary(NOON + timedelta(hours=2)) is None
        assert not await known.awaits_run(NOON + timedelta(hours=1, minutes=59))
        assert await known.awaits_run(NOON + timedelta(hours=2))
        assert [each["id"] for each in await known.running()] == [live]
