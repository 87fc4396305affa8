"""Races edited, cloned and cancelled: when that may be, and what is kept of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from goatedvips.audit.service import verify
from goatedvips.kit.errors import BadInput
from goatedvips.races.engine import tick
from goatedvips.races.errors import RaceChanged, RaceNotEditable, RaceNotFound, RaceNotOpen
from goatedvips.races.schemas import WagerRaceEdit
from goatedvips.races.series.schemas import SeriesCreate
from goatedvips.races.series.service import create_series
from goatedvips.races.service import cancel_race, clone_race, edit_race
from tests.pipeline import NOON, Pipeline, row

DOLLAR = 100_000_000
SOON = NOON + timedelta(hours=1)


async def edit(
    pipeline: Pipeline,
    race: int,
    if_version: int | None = None,
    **fields: Any,  # noqa: ANN401 - the fields of the model
) -> None:
    async with pipeline.engine.begin() as connection:
        change = WagerRaceEdit.model_validate(fields)
        await edit_race(
            connection, race, change, actor="cli:ann", now=pipeline.clock(), if_version=if_version
        )


async def cancel(pipeline: Pipeline, race: int) -> bool:
    async with pipeline.engine.begin() as connection:
        return await cancel_race(connection, race, reason=" No. ", actor="cli:ann", now=pipeline.clock())


async def acts(pipeline: Pipeline) -> list[tuple[Any, ...]]:
    async with pipeline.engine.connect() as connection:
        assert (await verify(connection)).findings == []
    return await pipeline.fetch("SELECT actor, action, subject, details FROM audit_log ORDER BY id")


async def test_an_edit_changes_what_it_names_and_keeps_who_changed_what(pipeline: Pipeline) -> None:
    race = await pipeline.race(start_date=SOON, min_wager="2.50", metadata={"share": 0.5})
    await edit(pipeline, race, if_version=1, prize_pool="60.00", end_date=NOON + timedelta(days=2))
    await edit(pipeline, race, metadata={"share": 0.25})
    await edit(pipeline, race, prize_pool="60")

    columns = "name, prize_pool, min_wager, start_date, end_date, metadata, version"
    assert await pipeline.fetch(f"SELECT {columns} FROM wager_races") == [
        ("Race", 6_000, 250_000_000, SOON, NOON + timedelta(days=2), {"share": 0.25}, 3)
    ]
    made, first, second = await acts(pipeline)
    assert made[:3] == ("test", "race.created", f"race:{race}")
    assert made[3]["prizePool"] == "100.00"
    assert first == (
        "cli:ann",
        "race.edited",
        f"race:{race}",
        {
            "prizePool": {"before": "100.00", "after": "60.00"},
            "endDate": {"before": "2025-03-27T12:00:00Z", "after": "2025-03-28T12:00:00Z"},
        },
    )
    assert second[3] == {"metadata": {"before": '{"share": 0.5}', "after": '{"share": 0.25}'}}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"end_date": SOON}, {"endDate"}),
        ({"prize_pool": "0.00"}, {"prizePool"}),
        ({"prize_pool": "9.99"}, {"prizes[1].amount"}),
        ({"prizes": [{"place": 1, "percent": "100.1"}]}, {"prizes[0].percent"}),
        ({"reject_policy": "move_up"}, {"prizes[1]"}),
    ],
)
async def test_an_edit_that_cannot_be_is_refused_as_a_whole(
    pipeline: Pipeline, fields: dict[str, Any], wrong: set[str]
) -> None:
    prizes = [{"place": 1, "amount": "4"}, {"place": 2, "amount": "6"}]
    race = await pipeline.race(start_date=SOON, prizes=prizes)

    with pytest.raises(BadInput) as refused:
        await edit(pipeline, race, name="Other", **fields)

    assert {error.field for error in refused.value.errors} == wrong
    assert await pipeline.fetch("SELECT name, version FROM wager_races") == [("Race", 1)]
    assert len(await acts(pipeline)) == 1


async def test_only_a_race_that_has_not_begun_is_edited(pipeline: Pipeline) -> None:
    live = await pipeline.race()
    gone = await pipeline.race(start_date=SOON)
    due = await pipeline.race(start_date=SOON)
    await cancel(pipeline, gone)
    pipeline.clock.move(hours=1)

    for race, phase in ((live, "live"), (gone, "cancelled"), (due, "live")):
        with pytest.raises(RaceNotEditable, match=f"is {phase}"):
            await edit(pipeline, race, name="Other")
    with pytest.raises(RaceNotFound):
        await edit(pipeline, due + 1, name="Other")

    assert await pipeline.fetch("SELECT DISTINCT name FROM wager_races") == [("Race",)]


async def test_of_several_who_edit_at_once_one_does_and_the_others_are_told(pipeline: Pipeline) -> None:
    race = await pipeline.race(start_date=SOON)

    results = await asyncio.gather(
        *(edit(pipeline, race, if_version=1, prize_pool=str(pool)) for pool in range(1, 6)),
        return_exceptions=True,
    )

    assert [type(result) for result in results if result is not None] == [RaceChanged] * 4
    assert len(await acts(pipeline)) == 2
    (pool,) = (index for index, result in enumerate(results, start=1) if result is None)
    assert await pipeline.fetch("SELECT prize_pool, version FROM wager_races") == [(pool * 100, 2)]


async def test_a_race_moved_into_the_past_begins_and_counts_from_its_start(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"), minutes=10)
    await pipeline.pull(row("a", "5"), minutes=10)
    race = await pipeline.race(start_date=NOON + timedelta(hours=1))

    await edit(pipeline, race, start_date=NOON + timedelta(minutes=5))

    assert await pipeline.standings(race) == {"a": 4 * DOLLAR}
    done = [action for _, action, _, _ in await acts(pipeline)]
    assert done[-3:] == ["race.edited", "race.started", "race.counting"]


async def test_a_race_of_a_series_has_its_time_from_the_series(pipeline: Pipeline) -> None:
    async with pipeline.engine.begin() as connection:
        wanted = SeriesCreate(name="Daily", type="daily", prize_pool="20")
        await create_series(connection, wanted, actor="test", now=NOON)
    async with pipeline.engine.begin() as connection:
        await tick(connection, NOON)
    ((race, start),) = await pipeline.fetch(
        "SELECT id, start_date FROM wager_races WHERE status = 'scheduled'"
    )

    with pytest.raises(BadInput) as refused:
        await edit(pipeline, race, start_date=SOON, end_date=NOON + timedelta(days=9), type="special")
    await edit(pipeline, race, start_date=start, prize_pool="99")

    assert {error.field for error in refused.value.errors} == {"startDate", "endDate", "type"}
    assert await pipeline.fetch(f"SELECT prize_pool FROM wager_races WHERE id = {race}") == [(9_900,)]


async def test_a_clone_has_the_terms_of_the_old_race_and_new_dates(pipeline: Pipeline) -> None:
    old = await pipeline.race(
        prizes=[{"from": 1, "to": 3, "percent": "30"}],
        tie_policy="shared",
        reject_policy="move_up",
        min_wager="2.50",
        timezone="Europe/Berlin",
        metadata={"sponsor": "us"},
    )
    await cancel(pipeline, old)
    async with pipeline.engine.begin() as connection:
        wanted = WagerRaceEdit(name="Again", start_date=SOON, end_date=NOON + timedelta(days=3))
        new = await clone_race(connection, old, wanted, actor="cli:ann", now=NOON)
        with pytest.raises(BadInput) as undated:
            await clone_race(connection, old, WagerRaceEdit(name="x"), actor="cli:ann", now=NOON)
        with pytest.raises(RaceNotFound):
            await clone_race(connection, new + 1, wanted, actor="cli:ann", now=NOON)

    terms = "prize_pool, prizes, tie_policy, reject_policy, min_wager, timezone"
    (before, after) = await pipeline.fetch(f"SELECT {terms} FROM wager_races ORDER BY id")
    assert before == after
    assert await pipeline.fetch(f"SELECT name, start_date, metadata FROM wager_races WHERE id = {new}") == [
        ("Again", SOON, {})
    ]
    assert {error.field for error in undated.value.errors} == {"startDate", "endDate"}
    assert (await acts(pipeline))[-1][3]["clonedFrom"] == old


async def test_a_cancelled_race_is_told_of_once_and_its_reason_is_kept(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    ended = await pipeline.race(end_date=SOON)
    pipeline.clock.move(hours=1)
    before_its_end, after_its_end = await cancel(pipeline, race), await cancel(pipeline, ended)

    with pytest.raises(RaceNotOpen):
        await cancel(pipeline, race)

    assert (before_its_end, after_its_end) == (False, True)
    assert [(action, details) for _, action, _, details in await acts(pipeline)][-2:] == [
        ("race.cancelled", {"reason": "No.", "phase": "live"}),
        ("race.cancelled", {"reason": "No.", "phase": "settling"}),
    ]
    assert await pipeline.fetch("SELECT key, kind, subject FROM outbox ORDER BY id") == [
        (f"race.cancelled:{each}", "race.cancelled", f"race:{each}") for each in (race, ended)
    ]


async def test_what_fails_afterwards_leaves_no_trace(pipeline: Pipeline) -> None:
    race = await pipeline.race(start_date=SOON)
    async with pipeline.engine.connect() as connection:
        change = WagerRaceEdit(name="Other")
        await edit_race(connection, race, change, actor="cli:ann", now=NOON)
        await cancel_race(connection, race, reason="No.", actor="cli:ann", now=NOON)
        await connection.rollback()

    assert await pipeline.fetch("SELECT name, status, version FROM wager_races") == [("Race", "scheduled", 1)]
    assert await pipeline.fetch("SELECT FROM outbox") == []
    assert len(await acts(pipeline)) == 1
