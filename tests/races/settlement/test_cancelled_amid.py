"""People and workers may want the same race at the same moment."""

import asyncio

import pytest

from goatedvips.races.errors import RaceNotOpen
from goatedvips.races.service import cancel_race
from goatedvips.races.settlement.repository import Results
from goatedvips.races.settlement.service import settle
from tests.pipeline import Pipeline
from tests.races.settlement.test_settlement import ended_race

WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def test_who_cancels_a_race_while_it_is_settled_comes_too_late(pipeline: Pipeline) -> None:
    race, now = await ended_race(pipeline), pipeline.clock()

    async def cancel() -> None:
        async with pipeline.engine.begin() as person:
            await cancel_race(person, race, reason="too late", actor="test", now=now)

    async with pipeline.engine.begin() as worker:
        # As far as a settlement is when it reads what everybody had.
        await Results(worker).take_turn(wait=True)
        assert await Results(worker).next_due(only=race)
        cancelling = asyncio.create_task(cancel())
        async with asyncio.timeout(10):
            while not await pipeline.fetch(WAITING):  # noqa: ASYNC110 - a lock sets no event here
                await asyncio.sleep(0.01)
        assert await settle(worker, race, now=now, actor="test")

    with pytest.raises(RaceNotOpen):
        await cancelling
    assert await pipeline.fetch("SELECT status FROM wager_races WHERE id = :race", race=race) == [
        ("completed",)
    ]
