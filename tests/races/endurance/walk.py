"""A site that is walked through its life: several processes over one database, and what must never be."""

import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.errors import GoatedError
from goatedvips.kit.postgres import create_engine
from goatedvips.races.engine import DefaultSeries, found_series, tick
from goatedvips.sync.judge import Limits
from goatedvips.sync.service import SyncService
from goatedvips.worker import Worker
from tests.pipeline import Pipeline, client, report, row
from tests.races.endurance.settled_once import assert_books_hold

WORKERS = 3
EXTRAS = 40
"""Players who never move, so that a few who vanish are no shrunken list."""
T = TypeVar("T")

# Written down once more: a test that reads the program's own table would believe whatever that says.
FOLLOWERS = {
    "scheduled": {"scheduled", "live", "completed", "cancelled"},
    "live": {"live", "completed", "cancelled"},
    "completed": {"completed"},
    "cancelled": {"cancelled"},
}

_RACES = """
    SELECT race.id, race.status, race.series_id, race.start_date, race.end_date, race.start_run_id,
           race.end_run_id, end_run.as_of, race.metadata ? 'settleReason'
      FROM wager_races AS race LEFT JOIN sync_logs AS end_run ON end_run.id = race.end_run_id
     ORDER BY race.series_id, race.start_date, race.id
"""
_RESULTS = """
    SELECT format('standings of %s, version %s', race_id, version),
           md5(string_agg(CAST(to_jsonb(standing) AS text), '|' ORDER BY player_id))
      FROM race_standings AS standing GROUP BY race_id, version
     UNION ALL
    SELECT format('proof of %s, version %s', race_id, version), encode(sha256, 'hex') FROM race_proofs
     UNION ALL
    SELECT format('award %s', id), format('%s for %s to %s', amount, position, player_id) FROM race_awards
"""
# A boundary is the first completed run at or after it. An early end is also the start of what follows.
_LATER_THAN_FIRST = """
    SELECT race.id FROM wager_races AS race
      JOIN sync_logs AS run
        ON run.id = race.start_run_id AND run.as_of >= race.start_date
        OR run.id = race.end_run_id AND run.as_of >= race.end_date
      JOIN sync_logs AS earlier ON earlier.status = 'completed' AND earlier.id < run.id
       AND earlier.as_of >= CASE run.id WHEN race.start_run_id THEN race.start_date ELSE race.end_date END
     WHERE race.start_run_id IS DISTINCT FROM race.end_run_id
"""


@dataclass(frozen=True, slots=True)
class Race:
    """A race as the database has it."""

    id: int
    status: str
    series: int | None
    starts_at: datetime
    ends_at: datetime
    start_run: int | None
    end_run: int | None
    end_as_of: datetime | None
    ended_early: bool


@dataclass
class Site:
    """Workers over one database, a feed, and what was seen of races and results so far."""

    pipeline: Pipeline
    stack: AsyncExitStack
    totals: dict[int, int] = field(default_factory=dict)
    """Cents, by player."""
    workers: list[Worker] = field(default_factory=list)
    statuses: dict[int, str] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)

    async def open(self) -> None:
        """Have the default series in a zone whose clocks are changed in the week to come."""
        async with self.pipeline.engine.begin() as connection:
            series = DefaultSeries("1000", "500.01", "100.03", "Europe/Berlin")
            await found_series(connection, series, now=self.pipeline.clock())
            await tick(connection, self.pipeline.clock())
        self.tell(set())
        await self.restart()

    async def restart(self) -> None:
        """Let all workers end, and others begin with nothing in memory."""
        for worker in self.workers:
            await worker.engine.dispose()
        self.workers = [self._worker() for _ in range(WORKERS)]
        for worker in self.workers:
            self.stack.push_async_callback(worker.engine.dispose)

    def _worker(self) -> Worker:
        pipeline, engine = self.pipeline, create_engine(self.pipeline.dsn, pool_size=2)
        sync = SyncService(engine, client(pipeline.feed.url, pipeline.clock), pipeline.clock, Limits())
        return Worker(engine, sync, timedelta(minutes=5), timedelta(days=3650), pipeline.clock)

    def tell(self, hidden: set[int]) -> None:
        """Write the feed's next report: what everybody has, without the hidden."""
        shown = [(f"player-{player}", cents) for player, cents in self.totals.items() if player not in hidden]
        extras = [(f"extra-{number}", 100 + number) for number in range(EXTRAS)]
        self.pipeline.feed.body = report(row(uid, f"{cents / 100:.2f}") for uid, cents in shown + extras)

    async def races(self) -> list[Race]:
        """Return all races, by series and start."""
        return [Race(*race) for race in await self.pipeline.fetch(_RACES)]

    async def act(self, verb: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T | None:
        """Do what a person does, who may be told that it cannot be."""
        with suppress(GoatedError):
            async with self.pipeline.engine.begin() as connection:
                return await verb(connection)
        return None

    async def assert_all_is_well(self) -> None:
        """Hold what there is against what may be, and against what there was before."""
        races, now = await self.races(), self.pipeline.clock()
        for race in races:
            assert race.status in FOLLOWERS[self.statuses.get(race.id, "scheduled")], race
            assert race.status != "live" or race.starts_at <= now, race
            if race.status == "completed":
                assert race.end_as_of is not None
                assert race.ended_early or race.end_as_of >= race.ends_at, race
        assert self.statuses.keys() <= {race.id for race in races}
        self.statuses = {race.id: race.status for race in races}
        for earlier, later in pairwise(races):
            if earlier.series == later.series is not None:
                _assert_back_to_back(earlier, later)
        assert await self.pipeline.fetch(_LATER_THAN_FIRST) == []
        results = {str(what): str(said) for what, said in await self.pipeline.fetch(_RESULTS)}
        assert self.results.items() <= results.items(), "a result never changes"
        self.results = results
        await assert_books_hold(self.pipeline)


def _assert_back_to_back(earlier: Race, later: Race) -> None:
    assert earlier.ends_at == later.starts_at, (earlier, later)
    if earlier.end_run is not None and later.start_run is not None:
        assert earlier.end_run == later.start_run, (earlier, later)


@contextmanager
def copied(cluster: str, template: str) -> Iterator[str]:
    """A migrated database for one walk."""
    name = f"walk_{os.getpid()}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        try:
            yield f"{cluster.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
