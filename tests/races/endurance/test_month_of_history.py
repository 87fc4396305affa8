"""A month of a feed that does everything wrong, four workers that die, and at its end everything adds up."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from goatedvips.races.engine import DefaultSeries, found_series, tick
from goatedvips.simulator.feed import create_feed
from goatedvips.simulator.simulation import Simulation, Wish
from tests.pipeline import Pipeline, pipeline_over, serving
from tests.races.endurance.aftermath import assert_all_holds
from tests.races.endurance.extent import SEED, STORY_DAYS, STORY_SPEED
from tests.races.endurance.plot import Plot
from tests.races.endurance.workforce import Workforce, until, workforce

WORKERS = 4
PLAYERS = 250
HOUR = 3600.0
_LIVES = (0.5, 4.0)
"""Seconds between two deaths."""
_LOOK = 0.01

_UNSETTLED = "SELECT id, status FROM wager_races WHERE end_date <= :end AND status <> 'completed' ORDER BY id"


@dataclass
class Story:
    """A plot that is played: a feed, four workers, and chance that kills them."""

    plot: Plot
    pipeline: Pipeline
    workers: Workforce
    simulation: Simulation
    chance: random.Random
    kills: int = 0
    traps: Counter[str] = field(default_factory=Counter)

    async def play(self) -> None:
        """Let the story happen, and wait until the workers have done what it asks of them."""
        plot, clock = self.plot, self.workers.clock
        changes, next_kill = list(plot.changes), 0.0
        clock.set(plot.begins, speed=STORY_SPEED)
        self.workers.hire(WORKERS)
        loop = asyncio.get_running_loop()
        next_kill = loop.time() + self.chance.uniform(*_LIVES)
        while (now := clock()) < plot.ends:
            while changes and changes[0].at <= now:
                change = changes.pop(0)
                await asyncio.to_thread(self.simulation.change, traps=change.wanted())
                self.traps[change.trap] += change.value is not False
            if loop.time() >= next_kill:
                self.workers.kill(self.chance.choice(self.workers.at_work))
                self.workers.hire()
                self.kills += 1
                next_kill = loop.time() + self.chance.uniform(*_LIVES)
            await asyncio.sleep(_LOOK)
        for change in changes:
            await asyncio.to_thread(self.simulation.change, traps=change.wanted())
        await self._come_to_rest()

    async def _come_to_rest(self) -> None:
        """Go on without traps until all is settled that ended in the story; then let nobody work."""
        unsettled: list[tuple[object, ...]] = []

        async def all_settled() -> bool:
            unsettled[:] = await self.pipeline.fetch(_UNSETTLED, end=self.plot.ends)
            return not unsettled

        await until(all_settled, why=lambda: f"not settled: {unsettled}; {self.workers.last_words()}")
        for number in [*self.workers.at_work]:
            self.workers.kill(number)
        self.pipeline.clock.now = self.workers.clock()


@asynccontextmanager
async def story(dsn: str, folder: Path) -> AsyncIterator[Story]:
    """Set the scene."""
    chance = random.Random(SEED)
    plot = Plot.of(chance, STORY_DAYS)
    async with pipeline_over(dsn) as pipeline:
        with workforce(folder, dsn) as workers:
            workers.clock.set(plot.begins)
            async with pipeline.engine.begin() as connection:
                series = DefaultSeries("1000", "500.01", "100.03", plot.zone)
                await found_series(connection, series, now=plot.begins)
                await tick(connection, plot.begins)
            feed = create_feed(Wish(seed=SEED, players=PLAYERS, origin=plot.begins), clock=workers.clock)
            async with serving(feed) as url:
                workers.feed, workers.interval, workers.patience = f"{url}/user", HOUR, 0.5
                yield Story(plot, pipeline, workers, feed.state.simulation, chance)


async def test_after_a_story_of_all_traps_and_killed_workers_everything_adds_up(
    dsn: str, tmp_path: Path
) -> None:
    async with story(dsn, tmp_path) as told:
        await told.play()
        figures = await assert_all_holds(told.pipeline)

    assert figures.races >= STORY_DAYS
    assert any(hours not in {24, 168} and hours < 26 for hours in figures.hours), "the clocks were changed"
    sys.stdout.write(
        f"{STORY_DAYS} days in {told.plot.zone} from {told.plot.begins:%Y-%m-%d %H:%M}, seed {SEED},"
        f" at {STORY_SPEED:,}x: {told.kills} workers killed, {told.traps.total()} traps; {figures}\n"
    )
