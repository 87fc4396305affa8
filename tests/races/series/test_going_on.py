"""How a series goes on: after it was off, as its preview says, and where a zone's rules change."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from goatedvips.races.series import service
from goatedvips.races.service import cancel_race
from tests.pipeline import NOON, Pipeline, row
from tests.races.series.acting import acts, create, edit, ticked, turn, windows
from tests.races.zones import OwnZones, own_zones

TODAY, TOMORROW = datetime(2025, 3, 26, tzinfo=UTC), datetime(2025, 3, 27, tzinfo=UTC)
DAY = timedelta(days=1)


async def test_a_series_that_was_off_holds_no_races_for_the_time_it_was_off(pipeline: Pipeline) -> None:
    series = await create(pipeline)
    await ticked(pipeline)
    await turn(pipeline, series, on=False)
    await turn(pipeline, series, on=False)
    await pipeline.pull(row("a", "1"), days=9, hours=-2)
    await pipeline.pull(row("a", "5"), hours=1)

    await turn(pipeline, series, on=True)
    await turn(pipeline, series, on=True)
    await ticked(pipeline)

    found = [(status, start) for status, start, _ in await windows(pipeline)]
    assert found == [
        ("live", TODAY),
        ("live", TOMORROW),
        ("live", TODAY + 9 * DAY),
        ("scheduled", TODAY + 10 * DAY),
    ]
    # It counts from the first report of its day, as any race that is made late.
    counted = await pipeline.fetch("SELECT start_run_id FROM wager_races ORDER BY start_date DESC LIMIT 2")
    assert counted == [(None,), (1,)]
    assert len(await acts(pipeline, "series.enabled")) == len(await acts(pipeline, "series.disabled")) == 1


async def test_a_series_that_was_off_for_a_moment_misses_nothing(pipeline: Pipeline) -> None:
    series = await create(pipeline)
    await ticked(pipeline)
    await turn(pipeline, series, on=False)
    await turn(pipeline, series, on=True)
    pipeline.clock.move(days=1)
    await ticked(pipeline)

    found = await windows(pipeline)
    assert [start for _, start, _ in found] == [TODAY, TOMORROW, TOMORROW + DAY]


async def test_the_preview_is_what_is_made(pipeline: Pipeline) -> None:
    series = await create(pipeline, timezone="Europe/Berlin", start_hour=2)
    await ticked(pipeline)
    await edit(pipeline, series, start_hour=23)
    async with pipeline.engine.connect() as connection:
        preview = await service.preview_of(connection, series, now=NOON, count=6)
    for _ in range(6):
        pipeline.clock.move(days=1)
        await ticked(pipeline)

    made = [(start, end) for _, start, end in (await windows(pipeline))[1:7]]
    assert [(race.start_date, race.end_date) for race in preview.instances] == made
    assert [race.race_id is None for race in preview.instances] == [False, *[True] * 5]


@pytest.fixture
def zones(tmp_path: Path) -> Iterator[OwnZones]:
    with own_zones(tmp_path) as zones:
        yield zones


async def refit(pipeline: Pipeline) -> list[str]:
    async with pipeline.engine.begin() as connection:
        return [act.subject for act in await service.refit_scheduled(connection, pipeline.clock())]


async def test_races_that_have_not_begun_follow_a_zone_whose_rules_change(
    pipeline: Pipeline, zones: OwnZones
) -> None:
    await create(pipeline, timezone=zones.set("Test/Moved", "<+01>-1"))
    await create(pipeline, name="Other")
    await ticked(pipeline)
    before = await pipeline.fetch("SELECT id, start_date, end_date, version FROM wager_races ORDER BY id")
    in_step = await refit(pipeline)

    zones.set("Test/Moved", "<+03>-3")
    moved = await refit(pipeline)
    again = await refit(pipeline)

    after = await pipeline.fetch("SELECT id, start_date, end_date, version FROM wager_races ORDER BY id")
    (number, start, end, version) = before[1]
    assert (in_step, moved, again) == ([], [f"race:{number}"], [])
    assert after == [before[0], (number, start, end - timedelta(hours=2), version + 1), *before[2:]]


async def test_a_race_that_runs_or_was_cancelled_is_not_moved(pipeline: Pipeline, zones: OwnZones) -> None:
    await create(pipeline, timezone=zones.set("Test/Moved", "<+01>-1"))
    await ticked(pipeline)
    ((coming,),) = await pipeline.fetch("SELECT id FROM wager_races WHERE status = 'scheduled'")
    async with pipeline.engine.begin() as connection:
        await cancel_race(connection, coming, reason="No.", actor="test", now=NOON)
    before = await windows(pipeline)
    zones.set("Test/Moved", "<+03>-3")

    assert await refit(pipeline) == []
    pipeline.clock.move(days=1)
    await ticked(pipeline)
    assert await refit(pipeline) == []

    found = await windows(pipeline)
    assert found[:2] == before
    # What was cancelled keeps its time: the next race starts where it would have ended.
    assert found[2][1] == before[1][2]


async def test_a_race_whose_start_has_come_is_not_moved_though_no_worker_has_started_it(
    pipeline: Pipeline, zones: OwnZones
) -> None:
    series = await create(pipeline, timezone=zones.set("Test/Moved", "<+01>-1"))
    await ticked(pipeline)
    before = await windows(pipeline)
    pipeline.clock.move(hours=11)
    zones.set("Test/Moved", "<+03>-3")

    assert before[1][1] == pipeline.clock()
    assert await refit(pipeline) == []
    assert await edit(pipeline, series, prize_pool="99", start_hour=5) == []
    assert await windows(pipeline) == before


async def test_of_several_races_that_have_not_begun_only_the_newest_is_moved(
    pipeline: Pipeline, zones: OwnZones
) -> None:
    await create(pipeline, timezone=zones.set("Test/Moved", "<+01>-1"))
    await ticked(pipeline)
    await pipeline.execute(
        "INSERT INTO wager_races (series_id, name, type, start_date, end_date, prize_pool, prizes, timezone)"
        " SELECT series_id, name, type, end_date, end_date + interval '1 day', prize_pool, prizes, timezone"
        " FROM wager_races WHERE status = 'scheduled'"
    )
    before = await windows(pipeline)
    zones.set("Test/Moved", "<+03>-3")

    assert len(await refit(pipeline)) == 1
    assert (await windows(pipeline))[:2] == before[:2]
    await pipeline.execute("UPDATE wager_races SET status = 'cancelled' WHERE id = 3")
    zones.set("Test/Moved", "<+05>-5")
    assert await refit(pipeline) == []
