"""Races, the workers that settle them, and whoever watches them do it."""

import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from tests.pipeline import pipeline_over
from tests.races.endurance.extent import SEED
from tests.races.endurance.settled_once import assert_settled_once
from tests.races.endurance.track import POOL, Track
from tests.races.endurance.workforce import Workforce, until, workforce

WORKERS = 4
ENTRANTS = 300
_TURN = 7_220_002
_UNDISTURBED = 3
"""Settlements that nobody is killed in: they tell how long one takes."""

_AT_IT = """
    SELECT activity.application_name, activity.query
      FROM pg_locks AS lock JOIN pg_stat_activity AS activity USING (pid)
     WHERE lock.locktype = 'advisory' AND lock.objid = %s AND lock.granted
       AND activity.datname = current_database()
"""
_PRESENT = "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"


@dataclass(frozen=True, slots=True)
class Settler:
    """The worker that has the turn to settle races, and what it last told the database."""

    number: int
    statement: str


@dataclass
class Arena:
    """A track with four workers. The database may go and come again."""

    track: Track
    workers: Workforce
    watcher: psycopg.AsyncConnection = field(init=False)

    async def watch(self) -> None:
        """Begin to look at the database."""
        self.watcher = await psycopg.AsyncConnection.connect(self.workers.dsn, autocommit=True)

    @asynccontextmanager
    async def looking_away(self, span: timedelta) -> AsyncIterator[None]:
        """Hold no connection of ours while the database goes and comes; let time pass for the workers."""
        await self.watcher.close()
        await self.track.pipeline.engine.dispose()
        self.workers.clock.move(seconds=span.total_seconds())
        yield
        await self.watch()

    async def lap(self, number: int) -> int:
        """Have a race that waits for nothing but its last report, before four workers; return its id."""
        race = await self.track.add_race(shared=bool(number % 2))
        self.workers.hire(WORKERS - len(self.workers.at_work))
        await self._until(self._all_there)
        self.track.end_lap()
        return race

    async def settler(self) -> Settler:
        """Wait for a worker to have the turn."""
        settler: Settler = await self._until(self.present_settler)
        return settler

    async def present_settler(self) -> Settler | None:
        """Return the worker that has the turn now."""
        rows = await self._ask(_AT_IT, _TURN)
        return Settler(int(rows[0][0].rpartition(" ")[2]), " ".join(rows[0][1].split())) if rows else None

    async def settled(self, race: int) -> datetime:
        """Wait for a race to be settled; return the moment that was written with it."""
        query = "SELECT settled_at FROM wager_races WHERE id = %s AND status = 'completed'"
        rows = await self._until(lambda: self._ask(query, race))
        moment: datetime = rows[0][0]
        return moment

    async def duration(self) -> float:
        """Return how many seconds a settlement takes, seen from outside."""
        seconds = []
        for number in range(_UNDISTURBED):
            race = await self.lap(number)
            await self.settler()
            began = time.monotonic()
            await self.settled(race)
            seconds.append(time.monotonic() - began)
            await self.assert_settled_once(race)
        return median(seconds)

    async def assert_settled_once(self, race: int) -> None:
        """Hold the race of the last lap against what must be."""
        track = self.track
        await assert_settled_once(
            track.pipeline, race, owed=track.owed(), pool=POOL, entrants=ENTRANTS, shared=track.shared
        )

    async def _all_there(self) -> bool:
        names = {f"worker {number}" for number in self.workers.at_work}
        rows = await self._ask(_PRESENT)
        return names <= {name for (name,) in rows}

    async def _ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return await (await self.watcher.execute(query.encode(), values)).fetchall()

    async def _until(self, found: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 - whatever is found
        return await until(found, why=self.workers.last_words)


@asynccontextmanager
async def arena_over(dsn: str, folder: Path, *, serving: str | None = None) -> AsyncIterator[Arena]:
    """Open an arena over a migrated database."""
    async with pipeline_over(dsn, serving=serving) as pipeline:
        with workforce(folder, dsn) as workers:
            workers.feed = pipeline.feed.url
            track = Track(pipeline, workers.clock, ENTRANTS, random.Random(SEED))
            await track.open()
            arena = Arena(track, workers)
            await arena.watch()
            try:
                yield arena
            finally:
                await arena.watcher.close()
