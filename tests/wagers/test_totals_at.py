"""What everybody had by a past run, rebuilt in sets, against a history told player by player."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.windows import PERIODS, Period
from goatedvips.sync.repository import Closing, Runs
from goatedvips.upstream.wire import Referral
from goatedvips.wagers.service import compare, store, totals_at
from tests.pipeline import NOON, Pipeline

Told = dict[str, tuple[int, int, int, int]]

small = st.integers(0, 2)
reports = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.tuples(small, small, small, small), max_size=4),
    min_size=1,
    max_size=8,
)


@dataclass
class Story:
    """Each player's amounts, run after run, as a report told them: a missing row changes nothing."""

    runs: list[int] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def at(self, run_id: int, uid: str, period: Period) -> tuple[int, int]:
        """Go through the runs one by one, as a player with pen and paper would."""
        amount: int | None = None
        reached = 0
        for run, told in zip(self.runs, self.told, strict=True):
            if run <= run_id and uid in told:
                now = told[uid][PERIODS.index(period)]
                if now != amount:
                    amount, reached = now, run
        return amount or 0, reached


async def apply(connection: AsyncConnection, told: Told, when: datetime, *, status: str = "completed") -> int:
    runs = Runs(connection)
    run_id = await runs.open("scheduled", when)
    if status == "completed":
        rows = [
            Referral(uid, uid, *(Decimal(units).scaleb(-8) for units in amounts))
            for uid, amounts in told.items()
        ]
        await store(connection, await compare(connection, rows), late=(), run_id=run_id, as_of=when)
    await runs.close(run_id, Closing(status, when, as_of=when, sha256=bytes(32), metadata={"marks": []}))
    return run_id


async def players(connection: AsyncConnection) -> dict[int, str]:
    found = await connection.execute(text("SELECT id, goated_id FROM players"))
    return {player: uid for player, uid in found}  # noqa: C416 - a Row is no tuple to the type checker


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=reports,
    pause=st.sampled_from([timedelta(minutes=5), timedelta(days=17)]),
    seed=st.randoms(use_true_random=True),
)
async def test_totals_are_as_every_report_up_to_the_run_told_them(
    pipeline: Pipeline, told: list[Told], pause: timedelta, seed: Random
) -> None:
    async with pipeline.engine.connect() as connection, connection.begin() as transaction:
        story = Story()
        for number, each in enumerate(told):
            story.runs.append(await apply(connection, each, NOON + number * pause))
            story.told.append(each)
        uids = await players(connection)
        asked = [*uids, *list(uids)[:1], 10**9]
        seed.shuffle(asked)
        for run_id in [story.runs[0] - 1, *story.runs, story.runs[-1] + 1]:
            for period in PERIODS:
                found = await totals_at(connection, run_id, np.array(asked, np.int64), period=period)

                expected = [story.at(run_id, uids.get(player, "nobody"), period) for player in asked]
                assert expected == list(zip(found.amounts.tolist(), found.reached.tolist(), strict=True))
        await transaction.rollback()


async def test_an_amount_that_comes_back_is_reached_anew(pipeline: Pipeline) -> None:
    async with pipeline.engine.connect() as connection:
        runs = [
            await apply(connection, {"a": (0, 0, 0, amount)}, NOON + timedelta(minutes=5 * number))
            for number, amount in enumerate((7, 3, 7, 9))
        ]
        player = np.array(list(await players(connection)), np.int64)
        found = await totals_at(connection, runs[2], player)

    assert (7, runs[2]) == (found.amounts.item(), found.reached.item())


async def test_another_windows_reading_does_not_move_when_an_amount_was_reached(pipeline: Pipeline) -> None:
    async with pipeline.engine.connect() as connection:
        first = await apply(connection, {"a": (1, 1, 1, 5)}, NOON)
        second = await apply(connection, {"a": (0, 1, 1, 5)}, NOON + timedelta(days=1))
        await apply(connection, {"a": (2, 2, 2, 6)}, NOON + timedelta(days=9))
        player = np.array(list(await players(connection)), np.int64)
        ever = await totals_at(connection, second, player)
        today = await totals_at(connection, second, player, period=Period.TODAY)

    assert (5, first) == (ever.amounts.item(), ever.reached.item())
    assert (0, second) == (today.amounts.item(), today.reached.item())


async def test_a_run_that_was_refused_brought_nothing(pipeline: Pipeline) -> None:
    async with pipeline.engine.connect() as connection:
        applied = await apply(connection, {"a": (1, 1, 1, 1)}, NOON)
        refused = await apply(connection, {}, NOON + timedelta(minutes=5), status="quarantined")
        await apply(connection, {"a": (1, 1, 1, 2)}, NOON + timedelta(minutes=10))
        player = np.array(list(await players(connection)), np.int64)
        found = await totals_at(connection, refused, player)

    assert (1, applied) == (found.amounts.item(), found.reached.item())


async def test_nobody_is_asked_for_nothing(pipeline: Pipeline) -> None:
    async with pipeline.engine.connect() as connection:
        found = await totals_at(connection, 1, np.zeros(0, np.int64))

    assert [] == found.amounts.tolist() == found.reached.tolist()
