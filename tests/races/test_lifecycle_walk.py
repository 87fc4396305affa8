"""Races lived through at random: whatever is done when, in which order and by how many at once."""

import asyncio
from contextlib import AsyncExitStack, ExitStack
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from goatedvips.races.engine import tick
from goatedvips.races.service import cancel_race
from goatedvips.races.settlement.exclusion import exclude, restore
from goatedvips.races.settlement.service import settle_due, settle_late
from tests.pipeline import pipeline_over
from tests.races.endurance.aftermath import assert_all_holds
from tests.races.endurance.extent import WALKS
from tests.races.endurance.walk import WORKERS, Race, Site, copied

STEPS = 25
_ALIKE = 6
"""Walks in a row; more of them take after each other."""
PLAYERS = 6

spans = st.one_of(
    st.just(timedelta()),
    st.integers(1, 7200).map(lambda seconds: timedelta(seconds=seconds)),
    st.integers(1, 48).map(lambda hours: timedelta(hours=hours)),
    st.integers(2, 9).map(lambda days: timedelta(days=days)),
)
players = st.integers(0, PLAYERS - 1)
gains = st.dictionaries(players, st.integers(-300, 5000), min_size=1, max_size=PLAYERS)
"""Cents; whoever loses some was repriced by the feed."""
reports = st.tuples(gains, st.sets(players, max_size=4), st.integers(0, WORKERS - 1))
"""Who moves, who is not listed, and which worker takes the report."""
meanwhile = st.tuples(spans, reports | st.none())
"""What happens before anything else does: time passes, and a report may come."""
picks = st.integers(0, 100)
"""Which of the races, or of the players, there are."""
Meanwhile: TypeAlias = tuple[timedelta, tuple[dict[int, int], set[int], int] | None]


class LifeCycle(RuleBasedStateMachine):
    """Everything that can happen to races."""

    cluster: str
    template: str

    def __init__(self) -> None:
        super().__init__()
        self.held = ExitStack()
        dsn = self.held.enter_context(copied(self.cluster, self.template))
        self.runner = self.held.enter_context(asyncio.Runner())
        self.stack = AsyncExitStack()
        pipeline = self.runner.run(self.stack.enter_async_context(pipeline_over(dsn)))
        self.site = Site(pipeline, self.stack)

    def teardown(self) -> None:
        try:
            self.runner.run(assert_all_holds(self.site.pipeline))
        finally:
            self.runner.run(self.stack.aclose())
            self.held.close()

    @initialize()
    def open(self) -> None:
        self.runner.run(self.site.open())

    @invariant()
    def all_is_well(self) -> None:
        self.runner.run(self.site.assert_all_is_well())

    @rule(meanwhile=meanwhile)
    def time_passes(self, meanwhile: Meanwhile) -> None:
        self._live(meanwhile)

    @rule(meanwhile=meanwhile, worker=st.integers(0, WORKERS - 1))
    def a_report_fails(self, meanwhile: Meanwhile, worker: int) -> None:
        self._live(meanwhile)
        feed = self.site.pipeline.feed
        feed.status = "503 Service Unavailable"
        self.runner.run(self.site.workers[worker].sync.pull("scheduled"))
        feed.status = "200 OK"

    @rule(meanwhile=meanwhile, times=st.integers(1, 3))
    def the_clock_is_looked_at(self, meanwhile: Meanwhile, times: int) -> None:
        self._live(meanwhile)
        for _ in range(times):
            self.runner.run(self.site.act(lambda connection: tick(connection, self.site.pipeline.clock())))

    @rule(meanwhile=meanwhile)
    def all_work_at_once(self, meanwhile: Meanwhile) -> None:
        self._live(meanwhile)
        self._at_once(*(worker.step() for worker in self.site.workers))

    @rule(meanwhile=meanwhile)
    def all_settle_at_once(self, meanwhile: Meanwhile) -> None:
        self._live(meanwhile)
        self._at_once(*(settle_due(worker.engine, worker.clock) for worker in self.site.workers))

    @rule(
        meanwhile=meanwhile,
        begins=st.integers(-48, 72),
        lasts=st.integers(1, 96),
        rules=st.fixed_dictionaries(
            {
                "tie_policy": st.sampled_from(["first_to_reach", "shared"]),
                "reject_policy": st.sampled_from(["forfeit", "move_up"]),
                "min_wager": st.sampled_from(["0", "10"]),
                "prize_pool": st.sampled_from(["0.07", "100", "333.33"]),
            }
        ),
    )
    def a_race_is_made(self, meanwhile: Meanwhile, begins: int, lasts: int, rules: dict[str, Any]) -> None:
        self._live(meanwhile)
        begin = self.site.pipeline.clock() + timedelta(hours=begins)
        dates = {"start_date": begin, "end_date": begin + timedelta(hours=max(lasts, 1 - begins))}
        self.runner.run(self.site.pipeline.race(**dates, **rules))

    @rule(meanwhile=meanwhile, pick=picks)
    def a_race_is_cancelled(self, meanwhile: Meanwhile, pick: int) -> None:
        self._live(meanwhile)
        self.runner.run(self._cancel(pick))

    @rule(meanwhile=meanwhile, pick=picks)
    def somebody_loses_patience(self, meanwhile: Meanwhile, pick: int) -> None:
        self._live(meanwhile)
        race, now = self._race(pick), self.site.pipeline.clock()
        self.runner.run(
            self.site.act(
                lambda connection: settle_late(connection, race.id, reason="no feed", now=now, actor="test")
            )
        )

    @rule(meanwhile=meanwhile, pick=picks, player=picks)
    def a_player_is_excluded(self, meanwhile: Meanwhile, pick: int, player: int) -> None:
        self._live(meanwhile)
        self.runner.run(self._judge(exclude, pick, player))

    @rule(meanwhile=meanwhile, pick=picks, player=picks)
    def a_player_is_let_in_again(self, meanwhile: Meanwhile, pick: int, player: int) -> None:
        self._live(meanwhile)
        self.runner.run(self._judge(restore, pick, player))

    @rule(meanwhile=meanwhile, pick=picks, player=picks)
    def people_interfere_while_all_work(self, meanwhile: Meanwhile, pick: int, player: int) -> None:
        self._live(meanwhile)
        steps = [worker.step() for worker in self.site.workers]
        self._at_once(*steps, self._cancel(pick), self._judge(exclude, pick, player))

    @rule(meanwhile=meanwhile)
    def all_begin_anew(self, meanwhile: Meanwhile) -> None:
        self._live(meanwhile)
        self.runner.run(self.site.restart())

    def _live(self, meanwhile: Meanwhile) -> None:
        """Let time pass and a report come."""
        span, told = meanwhile
        self.site.pipeline.clock.now += span
        if told is None:
            return
        gains, hidden, worker = told
        for player, gain in gains.items():
            self.site.totals[player] = max(0, self.site.totals.get(player, 0) + gain)
        self.site.tell(hidden)
        self.runner.run(self.site.workers[worker].sync.pull("scheduled"))

    def _race(self, pick: int) -> Race:
        races = self.runner.run(self.site.races())
        return races[pick % len(races)]

    def _at_once(self, *deeds: Any) -> None:  # noqa: ANN401 - coroutines of all kinds
        async def gathered() -> None:
            await asyncio.gather(*deeds)

        self.runner.run(gathered())

    async def _cancel(self, pick: int) -> None:
        races, now = await self.site.races(), self.site.pipeline.clock()
        race = races[pick % len(races)]
        await self.site.act(
            lambda connection: cancel_race(connection, race.id, reason="so", actor="test", now=now)
        )

    async def _judge(self, verb: Any, pick: int, player: int) -> None:  # noqa: ANN401 - two verbs alike
        races, now = await self.site.races(), self.site.pipeline.clock()
        race = races[pick % len(races)]
        # Ids that exist, mostly, and of those who move.
        await self.site.act(
            lambda connection: verb(
                connection, race.id, 1 + player % (PLAYERS + 1), reason="so", actor="test", now=now
            )
        )


@pytest.mark.parametrize("_again", range(-(-WALKS // _ALIKE)))
def test_whatever_happens_in_whatever_order_races_keep_their_promises(
    cluster: str, template: str, _again: int
) -> None:
    LifeCycle.cluster, LifeCycle.template = cluster, template
    run_state_machine_as_test(
        LifeCycle,
        settings=settings(
            max_examples=_ALIKE,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # What several do at once need not come out the same again, so nothing is made of a second time.
            phases=[Phase.generate],
            database=None,
            report_multiple_bugs=False,
        ),
    )
