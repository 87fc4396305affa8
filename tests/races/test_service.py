"""Making races, whenever and whatever goes on meanwhile."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from goatedvips.kit.errors import BadInput
from goatedvips.races.schemas import WagerRaceCreate
from goatedvips.races.service import cancel_race, create_race
from tests.pipeline import NOON, Pipeline, report, row

DOLLAR = 100_000_000


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"end_date": NOON + timedelta(hours=1), "start_date": NOON + timedelta(hours=1)}, {"endDate"}),
        ({"end_date": NOON, "start_date": NOON - timedelta(hours=1)}, {"endDate"}),
        ({"end_date": NOON - timedelta(hours=1)}, {"endDate"}),
        ({"prize_pool": "0"}, {"prizePool"}),
        ({"prizes": [{"place": 2, "percent": "100"}]}, {"prizes[0].place"}),
        ({"prizes": [{"place": 1, "amount": "100.01"}]}, {"prizes[0].amount"}),
    ],
)
async def test_a_race_that_cannot_be_is_refused_field_by_field(
    pipeline: Pipeline, fields: dict[str, object], wrong: set[str]
) -> None:
    with pytest.raises(BadInput) as refused:
        await pipeline.race(**fields)

    assert {error.field for error in refused.value.errors} == wrong
    assert await pipeline.fetch("SELECT FROM wager_races") == []


@pytest.mark.parametrize("name", ["cancelReason", "cancelRunId", "overdueSince", "settleReason"])
def test_nobody_speaks_in_the_programs_name(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: the program keeps its own notes"):
        WagerRaceCreate.model_validate(
            {"name": "R", "type": "special", "startDate": NOON, "endDate": NOON, "prizePool": "1"}
            | {"metadata": {name: "made up"}}
        )


async def test_a_race_keeps_what_it_was_made_with(pipeline: Pipeline) -> None:
    await pipeline.race(
        prizes=[{"from": 1, "to": 3, "percent": "30"}, {"place": 4, "amount": "10"}],
        min_wager="2.50",
        tie_policy="shared",
        timezone="Europe/Berlin",
        metadata={"sponsor": "us"},
    )

    columns = "status, prize_pool, prizes, min_wager, tie_policy, timezone, metadata, series_id"
    assert await pipeline.fetch(f"SELECT {columns} FROM wager_races") == [
        (
            "live",
            10_000,
            [{"from": 1, "to": 3, "percent": "30"}, {"place": 4, "amount": "10.00"}],
            250_000_000,
            "shared",
            "Europe/Berlin",
            {"sponsor": "us"},
            None,
        )
    ]


async def test_a_race_made_for_the_past_counts_from_the_first_report_after_its_start(
    pipeline: Pipeline,
) -> None:
    await pipeline.pull(row("a", "1"), row("b", "5"), minutes=0)
    await pipeline.pull(row("a", "3"), row("b", "5"), minutes=10)
    await pipeline.pull(row("a", "7"), row("b", "4"), row("c", "2"), minutes=10)

    past = await pipeline.race(start_date=NOON + timedelta(minutes=5))
    exact = await pipeline.race(start_date=NOON + timedelta(minutes=10))
    later = await pipeline.race(start_date=NOON + timedelta(minutes=15))
    now = await pipeline.race()

    assert await pipeline.standings(past) == {"a": 4 * DOLLAR, "b": 0, "c": 2 * DOLLAR}
    assert await pipeline.standings(exact) == await pipeline.standings(past)
    assert await pipeline.standings(later) == await pipeline.standings(now) == {}
    await pipeline.pull(row("a", "8"), row("b", "6"), row("c", "2"))
    assert await pipeline.standings(past) == {"a": 5 * DOLLAR, "b": DOLLAR, "c": 2 * DOLLAR}
    assert await pipeline.standings(now) == {"a": DOLLAR, "b": 2 * DOLLAR}


async def test_a_race_made_while_a_report_is_stored_misses_nothing_of_it(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"), minutes=0)
    await pipeline.pull(row("a", "2"), minutes=10)
    pipeline.feed.body = report([row("a", "9"), row("b", "5")])
    pipeline.clock.move(minutes=10)
    async with pipeline.engine.connect() as connection, connection.begin() as stuck:
        await connection.execute(text("SELECT pg_advisory_xact_lock(1)"))
        await pipeline.execute(
            "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$"
        )
        # The run is closed after its races have moved on, and before it commits.
        await pipeline.execute(
            "CREATE TRIGGER hold BEFORE UPDATE ON sync_logs FOR EACH ROW EXECUTE FUNCTION hold()"
        )
        pulling = asyncio.create_task(pipeline.sync.pull("scheduled"))
        waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted"
        while not await pipeline.fetch(waiting):  # noqa: ASYNC110 - a lock of the database sets no event
            await asyncio.sleep(0.01)

        making = asyncio.create_task(pipeline.race(start_date=NOON + timedelta(minutes=5)))
        locked = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'"
        while not making.done() and not await pipeline.fetch(locked):  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.01)
        await stuck.rollback()
        race = await making
        await pulling

    assert await pipeline.standings(race) == {"a": 7 * DOLLAR, "b": 5 * DOLLAR}


async def test_no_reason_is_no_reason_to_cancel(pipeline: Pipeline) -> None:
    race = await pipeline.race()

    async with pipeline.engine.begin() as connection:
        with pytest.raises(BadInput, match="say why"):
            await cancel_race(connection, race, reason=" \n", actor="test", now=pipeline.clock())

    assert await pipeline.fetch("SELECT status FROM wager_races") == [("live",)]


async def test_races_can_be_made_by_several_at_once(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"))
    wanted = WagerRaceCreate(
        name="Race",
        type="special",
        start_date=NOON,
        end_date=NOON + timedelta(days=1),
        prize_pool="10",
    )

    async def make() -> int:
        async with pipeline.engine.begin() as connection:
            return await create_race(connection, wanted, actor="test", now=pipeline.clock())

    made = await asyncio.gather(*(make() for _ in range(5)))

    assert len(set(made)) == 5
    assert await pipeline.fetch("SELECT DISTINCT status, start_run_id FROM wager_races") == [("live", 1)]
