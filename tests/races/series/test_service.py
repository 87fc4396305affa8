"""Series made and edited: what reaches their races, and what never does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from goatedvips.kit.errors import BadInput
from goatedvips.races.schemas import WagerRaceEdit
from goatedvips.races.series import service
from goatedvips.races.series.errors import SeriesChanged, SeriesNotFound
from goatedvips.races.service import edit_race
from tests.pipeline import NOON, Pipeline
from tests.races.series.acting import acts, create, edit, ticked, windows

TODAY, TOMORROW = datetime(2025, 3, 26, tzinfo=UTC), datetime(2025, 3, 27, tzinfo=UTC)
DAY = timedelta(days=1)
RISING = [{"place": 2, "amount": "6"}, {"place": 1, "amount": "5"}]


async def test_a_series_is_made_with_what_was_given_and_its_races_with_it(pipeline: Pipeline) -> None:
    series = await create(
        pipeline,
        name="Weekly",
        type="weekly",
        timezone="Europe/Berlin",
        start_hour=18,
        weekday=5,
        prizes=[{"from": 1, "to": 2, "percent": "40"}],
        tie_policy="shared",
        reject_policy="move_up",
        min_wager="2.50",
    )
    await ticked(pipeline)

    async with pipeline.engine.connect() as connection:
        (shown,) = await service.list_series(connection, NOON)
        assert shown == await service.show_series(connection, series, NOON)
        assert series == await service.series_id_of(connection, "Weekly")
        assert series == await service.series_id_of(connection, str(series))
    assert (shown.start_hour, shown.weekday, shown.day_of_month, shown.min_wager) == (18, 5, None, "2.50")
    assert [(place.place, place.cents) for place in shown.split] == [(1, 800), (2, 800)]
    assert [race.name for race in shown.races] == ["Weekly, 21 March 2025", "Weekly, 28 March 2025"]
    columns = "DISTINCT prizes, tie_policy, reject_policy, min_wager, timezone"
    assert await pipeline.fetch(f"SELECT {columns} FROM wager_races") == [
        ([{"from": 1, "to": 2, "percent": "40"}], "shared", "move_up", 250_000_000, "Europe/Berlin")
    ]
    ((actor, subject, details),) = await acts(pipeline, "series.created")
    assert (actor, subject) == ("cli:ann", f"series:{series}")
    assert details["rejectPolicy"] == "move_up"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"weekday": 1}, {"weekday"}),
        ({"day_of_month": 1}, {"dayOfMonth"}),
        ({"type": "weekly", "day_of_month": 1}, {"dayOfMonth"}),
        ({"type": "monthly", "weekday": 1}, {"weekday"}),
        ({"prize_pool": "0"}, {"prizePool"}),
        ({"prizes": [{"place": 1, "percent": "101"}]}, {"prizes[0].percent"}),
        ({"prizes": RISING, "reject_policy": "move_up"}, {"prizes[0]"}),
        ({"name": "12"}, {"name"}),
        ({"name": "Taken"}, {"name"}),
    ],
)
async def test_a_series_that_cannot_be_is_refused_field_by_field(
    pipeline: Pipeline, fields: dict[str, Any], wrong: set[str]
) -> None:
    taken = await create(pipeline, name="Taken")
    other = await create(pipeline, name="Other")

    with pytest.raises(BadInput) as refused:
        await create(pipeline, **fields)
    with pytest.raises(BadInput) as not_edited:
        await edit(pipeline, other, **fields)

    assert {error.field for error in refused.value.errors} == wrong
    assert {error.field for error in not_edited.value.errors} == wrong
    assert await pipeline.fetch("SELECT id, version FROM race_series ORDER BY id") == [(taken, 1), (other, 1)]


async def test_a_table_that_pays_a_worse_place_more_is_refused_where_winners_move_up(
    pipeline: Pipeline,
) -> None:
    odd = [{"place": 1, "amount": "5"}, {"place": 2, "amount": "5"}, {"place": 3, "amount": "5.01"}]
    series = await create(pipeline, prizes=odd)

    with pytest.raises(BadInput, match=r"place 3 is paid 5\.01 and place 2 only 5\.00"):
        await edit(pipeline, series, reject_policy="move_up")
    await edit(pipeline, series, reject_policy="move_up", prizes=odd[:2])


async def test_a_change_reaches_the_races_that_have_not_begun_and_no_other(pipeline: Pipeline) -> None:
    series = await create(pipeline)
    await ticked(pipeline)
    ((running,), (coming,)) = await pipeline.fetch("SELECT id FROM wager_races ORDER BY start_date")

    reached = await edit(
        pipeline, series, name="Night", prize_pool="50", start_hour=20, tie_policy="shared", if_version=1
    )

    columns = "id, name, prize_pool, tie_policy, start_date, end_date"
    assert reached == [coming]
    assert await pipeline.fetch(f"SELECT {columns} FROM wager_races ORDER BY id") == [
        (running, "Daily, 26 March 2025", 2_000, "first_to_reach", TODAY, TOMORROW),
        (coming, "Night, 27 March 2025", 5_000, "shared", TOMORROW, TOMORROW + timedelta(hours=20)),
    ]
    ((_, _, told),) = await acts(pipeline, "race.edited")
    assert told["prizePool"] == {"before": "20.00", "after": "50.00"}
    assert told["endDate"] == {"before": "2025-03-28T00:00:00Z", "after": "2025-03-27T20:00:00Z"}
    ((actor, _, told),) = await acts(pipeline, "series.edited")
    assert (actor, told["startHour"]) == ("cli:bob", {"before": 0, "after": 20})
    pipeline.clock.move(days=2)
    await ticked(pipeline)
    starts = [start for _, start, _ in await windows(pipeline)]
    assert starts == [
        TODAY,
        TOMORROW,
        TOMORROW + timedelta(hours=20),
        TOMORROW + DAY + timedelta(hours=20),
    ]


async def test_a_change_that_would_leave_a_stub_joins_it_with_the_next_window(pipeline: Pipeline) -> None:
    series = await create(pipeline)
    await ticked(pipeline)

    await edit(pipeline, series, start_hour=1)

    assert (await windows(pipeline))[1] == ("scheduled", TOMORROW, TOMORROW + timedelta(hours=25))


async def test_a_series_can_become_one_of_another_type(pipeline: Pipeline) -> None:
    series = await create(pipeline, type="weekly", weekday=5)
    await ticked(pipeline)

    await edit(pipeline, series, type="monthly")
    await ticked(pipeline)

    assert await pipeline.fetch("SELECT start_day FROM race_series") == [(1,)]
    friday = datetime(2025, 3, 28, tzinfo=UTC)
    assert (await windows(pipeline))[1:] == [("scheduled", friday, datetime(2025, 5, 1, tzinfo=UTC))]
    assert await pipeline.fetch("SELECT type, name FROM wager_races ORDER BY start_date DESC LIMIT 1") == [
        ("monthly", "Daily, March 2025")
    ]


async def test_a_race_that_was_edited_by_itself_keeps_what_the_series_does_not_change(
    pipeline: Pipeline,
) -> None:
    series = await create(pipeline)
    await ticked(pipeline)
    ((coming,),) = await pipeline.fetch("SELECT id FROM wager_races WHERE status = 'scheduled'")
    async with pipeline.engine.begin() as connection:
        change = WagerRaceEdit(name="Birthday", prize_pool="99")
        await edit_race(connection, coming, change, actor="test", now=NOON)

    await edit(pipeline, series, name="Night", min_wager="1")

    columns = "name, prize_pool, min_wager"
    assert await pipeline.fetch(f"SELECT {columns} FROM wager_races WHERE id = {coming}") == [
        ("Birthday", 9_900, 100_000_000)
    ]


async def test_an_edit_of_a_version_that_is_gone_changes_nothing(pipeline: Pipeline) -> None:
    series = await create(pipeline)
    await ticked(pipeline)
    await edit(pipeline, series, prize_pool="30", if_version=1)
    before = (
        await pipeline.fetch("SELECT * FROM wager_races"),
        await pipeline.fetch("SELECT * FROM audit_log"),
    )

    with pytest.raises(SeriesChanged, match="version 2"):
        await edit(pipeline, series, prize_pool="40", if_version=1)
    unchanged = await edit(pipeline, series, prize_pool="30", if_version=2)
    with pytest.raises(SeriesNotFound):
        await edit(pipeline, series + 1, prize_pool="40")

    assert unchanged == []
    after = await pipeline.fetch("SELECT * FROM wager_races"), await pipeline.fetch("SELECT * FROM audit_log")
    assert before == after
