"""Room for a month's readings is made once."""

import asyncio
from datetime import timedelta

from goatedvips.wagers.service import make_room
from tests.pipeline import NOON, Pipeline

NEXT_MONTH = NOON + timedelta(days=7)
WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def test_two_workers_that_look_ahead_at_once_make_room_once(pipeline: Pipeline) -> None:
    async with pipeline.engine.begin() as first:
        await make_room(first, NEXT_MONTH)

        async def look_ahead_too() -> None:
            async with pipeline.engine.begin() as second:
                await make_room(second, NEXT_MONTH)

        second = asyncio.create_task(look_ahead_too())
        async with asyncio.timeout(10):
            while not await pipeline.fetch(WAITING):  # noqa: ASYNC110 - a lock sets no event here
                await asyncio.sleep(0.01)
    await second

    assert await pipeline.fetch("SELECT to_regclass('wager_readings_202504') IS NOT NULL") == [(True,)]
