"""Nothing that was wagered is lost or counts twice, whatever the feed does and whenever it is asked."""

import asyncio
import random
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from goatedvips.races.engine import DefaultSeries, found_series, tick
from goatedvips.races.settlement.service import settle_due
from goatedvips.simulator.feed import create_feed
from goatedvips.simulator.simulation import Simulation, Wish
from goatedvips.simulator.traps import TRAPS, read_traps
from tests.pipeline import Pipeline, pipeline_over, serving
from tests.races.endurance.aftermath import assert_all_holds
from tests.races.endurance.extent import HISTORIES
from tests.races.endurance.plot import FAILING, NIGHTS, value_of
from tests.races.endurance.walk import copied

PLAYERS = 100
ALIKE = 4
"""Histories in a row; more of them take after each other."""
PATIENCE = 0.3
"""Seconds, for a feed that never answers."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done next: time passes, traps are on, a report is asked for."""

    minutes: int
    traps: frozenset[str]
    fails: str | None
    anew: bool
    """By a process that has just begun."""
    settles: bool

    def wishes(self, chance: random.Random) -> dict[str, object]:
        """Return every trap, on or off, as the simulator takes it."""
        on = self.traps | ({self.fails} if self.fails else set())
        return {trap: value_of(chance, trap) if trap in on else False for trap in TRAPS}


steps = st.builds(
    Step,
    minutes=st.integers(1, 30 * 60),
    traps=st.frozensets(st.sampled_from(sorted(TRAPS.keys() - FAILING)), max_size=4),
    fails=st.none() | st.none() | st.sampled_from(sorted(FAILING)),
    anew=st.booleans(),
    settles=st.booleans(),
)


async def live_through(dsn: str, *, seed: int, history: list[Step]) -> None:
    """Let a history happen to the default series and to races across them; hold the results against it."""
    chance = random.Random(seed)
    zone, night = chance.choice(NIGHTS)
    async with pipeline_over(dsn) as pipeline:
        pipeline.clock.now = pipeline.clock.now.replace(year=night.year, month=night.month, day=1)
        async with pipeline.engine.begin() as connection:
            await found_series(
                connection, DefaultSeries("1000", "500.01", "100.03", zone), now=pipeline.clock()
            )
            await tick(connection, pipeline.clock())
        feed = create_feed(Wish(seed=seed, players=PLAYERS), clock=pipeline.clock)
        async with serving(feed) as url:
            pipeline.sync = pipeline.another(url=f"{url}/user", total_timeout=PATIENCE)
            for number, step in enumerate(history):
                if not number % 5:
                    await _race_across(pipeline, chance)
                await _live(pipeline, step, feed.state.simulation, url=f"{url}/user", chance=chance)
        await settle_due(pipeline.engine, pipeline.clock)
        await assert_all_holds(pipeline)


async def _live(
    pipeline: Pipeline, step: Step, simulation: Simulation, *, url: str, chance: random.Random
) -> None:
    pipeline.clock.move(minutes=step.minutes)
    await asyncio.to_thread(simulation.change, traps=read_traps(step.wishes(chance)))
    if step.anew:
        pipeline.sync = pipeline.another(url=url, total_timeout=PATIENCE)
    assert await pipeline.sync.pull("scheduled")
    if step.settles:
        await settle_due(pipeline.engine, pipeline.clock)


async def _race_across(pipeline: Pipeline, chance: random.Random) -> None:
    starts = pipeline.clock() + timedelta(hours=chance.randrange(-24, 24))
    ends = max(starts, pipeline.clock()) + timedelta(hours=chance.randrange(1, 100))
    await pipeline.race(
        start_date=starts, end_date=ends, tie_policy=chance.choice(["shared", "first_to_reach"])
    )


@pytest.mark.parametrize("_again", range(-(-HISTORIES // ALIKE)))
def test_over_races_that_follow_each_other_every_unit_is_counted_once(
    cluster: str, template: str, _again: int
) -> None:
    @settings(
        max_examples=ALIKE,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(seed=st.integers(0, 2**32), history=st.lists(steps, min_size=10, max_size=25))
    def holds(seed: int, history: list[Step]) -> None:
        with copied(cluster, template) as dsn:
            asyncio.run(live_through(dsn, seed=seed, history=history))

    holds()
