"""Several operators at once: nobody waits for ever, and money moves once."""

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

import pytest

from goatedvips.kit.errors import Conflict
from goatedvips.races.payouts.errors import NotAll
from goatedvips.races.payouts.service import Outcome, approve_race, reject
from tests.pipeline import Pipeline
from tests.races.payouts.winners import approved, findings, payed, settled_race, statuses

ROUNDS = 25


async def both(*calls: Coroutine[Any, Any, Outcome]) -> list[Outcome | BaseException]:
    return await asyncio.gather(*calls, return_exceptions=True)


async def test_of_two_operators_who_do_the_same_one_does_it(pipeline: Pipeline) -> None:
    one = await settled_race(pipeline, winners=ROUNDS)
    other = await settled_race(pipeline, winners=ROUNDS)
    for first, second in zip(one, other, strict=True):
        forth, back = {first: "W", second: "W"}, {second: "W", first: "W"}

        approvals = await both(approved(pipeline, forth, "cli:ann"), approved(pipeline, back, "cli:bob"))
        payments = await both(payed(pipeline, forth, "cli:ann"), payed(pipeline, back, "cli:bob"))

        for outcomes in (approvals, payments):
            assert sorted(
                (len(each.changed), len(each.unchanged)) if isinstance(each, Outcome) else (repr(each),)
                for each in outcomes
            ) == [(0, 2), (2, 0)]
    assert set((await statuses(pipeline)).values()) == {"paid"}
    assert await findings(pipeline) == []


async def test_of_two_operators_with_references_of_their_own_one_has_paid(pipeline: Pipeline) -> None:
    awards = await settled_race(pipeline, winners=ROUNDS)
    await approved(pipeline, awards)
    for award in awards:
        outcomes = await both(payed(pipeline, {award: "W-1"}), payed(pipeline, {award: "W-2"}))

        lost = [each for each in outcomes if isinstance(each, NotAll)]
        paid = [each for each in outcomes if isinstance(each, Outcome)]
        assert [each.code for each in lost] == ["award_paid"]
        recorded = paid[0].changed[0].reference
        assert f"with the reference {recorded}" in str(lost[0])
        assert await pipeline.fetch("SELECT reference FROM race_awards WHERE id = :id", id=award) == [
            (recorded,)
        ]
    assert await findings(pipeline) == []


@pytest.mark.parametrize("policy", ["forfeit", "move_up"])
async def test_many_operators_who_do_what_they_like_leave_the_books_in_order(
    pipeline: Pipeline, policy: str
) -> None:
    prizes = [{"from": 1, "to": 12, "percent": "8"}]
    races = [await settled_race(pipeline, winners=16, prizes=prizes, reject_policy=policy) for _ in range(3)]
    everything = [award for awards in races for award in awards]
    chance = random.Random(policy)

    async def call(number: int) -> None:
        some = chance.sample(everything, chance.randint(1, 6))
        kind = chance.random()
        try:
            if kind < 0.45:
                await approved(pipeline, some, f"cli:{number}")
            elif kind < 0.8:
                await payed(pipeline, dict.fromkeys(some[:2], f"W-{number % 3}"), f"cli:{number}")
            else:
                async with pipeline.engine.begin() as connection:
                    if kind < 0.85:
                        await approve_race(
                            connection, chance.randint(1, 3), actor=f"cli:{number}", now=pipeline.clock()
                        )
                    else:
                        await reject(
                            connection, some[0], reason="cheated", actor=f"cli:{number}", now=pipeline.clock()
                        )
        except Conflict:
            pass

    for start in range(0, 120, 8):
        await asyncio.gather(*[call(number) for number in range(start, start + 8)])

    assert {"paid", "rejected"} <= set((await statuses(pipeline)).values())
    assert await findings(pipeline) == []
