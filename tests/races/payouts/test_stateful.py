"""Whatever is done with awards in whatever order: the books agree, and nobody is paid twice."""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from goatedvips.kit.errors import Conflict
from goatedvips.races.payouts.errors import NotAll
from goatedvips.races.payouts.service import reject
from goatedvips.races.settlement.exclusion import exclude
from tests.pipeline import Pipeline, pipeline_over
from tests.races.payouts.winners import approved, findings, payed, settled_race

Found = TypeVar("Found")

SOME = st.sets(st.integers(0, 30), min_size=1, max_size=4)
REFERENCES = st.sampled_from(["W-1", "W-2"])
PEOPLE = st.sampled_from(["cli:ann", "cli:bob"])

POOL = """
    SELECT (SELECT coalesce(sum(amount), 0) FROM ledger_postings
             WHERE account IN (SELECT format('award:%s:%s', id, step)
                                 FROM race_awards, unnest(ARRAY['owed', 'paid']) AS step
                                WHERE race_id = race.id))
         + (SELECT coalesce(sum(amount), 0) FROM ledger_postings
             WHERE account = format('race:%s:forfeited', race.id))
         + (SELECT coalesce(sum(amount), 0) FROM ledger_transfers
             WHERE debit = format('race:%s:pool', race.id) AND credit = 'operator'),
           prize_pool
      FROM wager_races AS race WHERE id = :race
"""
PAID = """
    SELECT award.id, status, approved_by, approved_at, paid_by, paid_at, reference, award.amount,
           (SELECT sum(amount)::bigint FROM ledger_postings
             WHERE account = format('award:%s:paid', award.id))
      FROM race_awards AS award WHERE race_id = :race AND status = 'paid' ORDER BY id
"""
AWARDS = (
    "SELECT id, player_id, status, approved_by, reference FROM race_awards WHERE race_id = :race ORDER BY id"
)


class Payouts(RuleBasedStateMachine):
    """One settled race, and what was paid of it so far."""

    runner: asyncio.Runner
    pipeline: Pipeline

    def __init__(self) -> None:
        super().__init__()
        self.race = 0
        self.paid: dict[int, Any] = {}

    def run(self, what: Coroutine[Any, Any, Found]) -> Found:
        return self.runner.run(what)

    def awards(self) -> dict[int, Any]:
        rows = self.run(self.pipeline.fetch(AWARDS, race=self.race))
        return {award: rest for award, *rest in rows}

    def some(self, chosen: set[int]) -> list[int]:
        awards = list(self.awards())
        return [awards[number % len(awards)] for number in chosen]

    @initialize(
        policy=st.sampled_from(["forfeit", "move_up"]), ties=st.sampled_from(["shared", "first_to_reach"])
    )
    def settle(self, policy: str, ties: str) -> None:
        prizes = [{"place": 1, "percent": "40"}, {"from": 2, "to": 4, "percent": "13.33"}]
        rules = {"reject_policy": policy, "tie_policy": ties, "prizes": prizes, "prize_pool": "100.01"}
        first, *_ = self.run(settled_race(self.pipeline, winners=5, **rules))
        ((self.race,),) = self.run(
            self.pipeline.fetch("SELECT race_id FROM race_awards WHERE id = :id", id=first)
        )

    @rule(chosen=SOME, actor=PEOPLE)
    def approve(self, chosen: set[int], actor: str) -> None:
        awards, before = self.some(chosen), self.awards()
        stopped = {award for award in awards if before[award][1] == "rejected"}
        if stopped:
            with pytest.raises(NotAll) as error:
                self.run(approved(self.pipeline, awards, actor))
            assert {refusal.award_id for refusal in error.value.refusals} == stopped
            assert self.awards() == before
            return
        outcome = self.run(approved(self.pipeline, awards, actor))
        assert {award.id for award in outcome.changed} == {
            award for award in awards if before[award][1] == "pending"
        }

    @rule(chosen=SOME, actor=PEOPLE, reference=REFERENCES, four_eyes=st.booleans())
    def pay(self, chosen: set[int], actor: str, reference: str, *, four_eyes: bool) -> None:
        awards, before = self.some(chosen), self.awards()
        ready, same = set(), set()
        for award in awards:
            _, status, approver, recorded = before[award]
            if status == "approved" and not (four_eyes and approver == actor):
                ready.add(award)
            if status == "paid" and recorded == reference:
                same.add(award)
        call = payed(self.pipeline, dict.fromkeys(awards, reference), actor, four_eyes=four_eyes)
        if stopped := set(awards) - ready - same:
            with pytest.raises(NotAll) as error:
                self.run(call)
            assert {refusal.award_id for refusal in error.value.refusals} == stopped
            assert self.awards() == before
            return
        outcome = self.run(call)
        assert {award.id for award in outcome.changed} == ready
        assert {award.id for award in outcome.unchanged} == same

    @rule(number=st.integers(0, 30), actor=PEOPLE, reason=st.sampled_from(["cheated", "left"]))
    def reject(self, number: int, actor: str, reason: str) -> None:
        ((award),) = self.some({number})
        before = self.awards()
        try:
            done = self.run(self._rejected(award, actor, reason))
        except Conflict:
            assert self.awards() == before
            mine = [rest for rest in before.values() if rest[0] == before[award][0]]
            assert before[award][1] == "rejected" or "paid" in {status for _, status, *_ in mine}
            return
        after = self.awards()
        if done.version is None:
            assert after == before
        else:
            assert after[award][1] == "rejected"
            assert set(after) - set(before) == {gained.id for gained in done.gained}

    @precondition(lambda self: len(self.paid) < 4)
    @rule(number=st.integers(0, 30))
    def exclude(self, number: int) -> None:
        ((award),) = self.some({number})
        player = self.awards()[award][0]
        try:
            self.run(self._excluded(player))
        except Conflict:
            return
        assert {status for whose, status, *_ in self.awards().values() if whose == player} == {"rejected"}

    async def _rejected(self, award: int, actor: str, reason: str) -> Any:  # noqa: ANN401 - a rejection
        async with self.pipeline.engine.begin() as connection:
            return await reject(connection, award, reason=reason, actor=actor, now=self.pipeline.clock())

    async def _excluded(self, player: int) -> None:
        async with self.pipeline.engine.begin() as connection:
            await exclude(
                connection, self.race, player, reason="staff", actor="cli:ann", now=self.pipeline.clock()
            )

    @invariant()
    def the_pool_is_where_it_should_be(self) -> None:
        if self.race:
            ((there, pool),) = self.run(self.pipeline.fetch(POOL, race=self.race))
            assert there == pool

    @invariant()
    def what_was_paid_is_paid_once_and_stays_as_it_is(self) -> None:
        if self.race:
            paid = {award: rest for award, *rest in self.run(self.pipeline.fetch(PAID, race=self.race))}
            assert all(rest[-1] == rest[-2] for rest in paid.values())
            assert {award: paid.get(award) for award in self.paid} == self.paid
            self.paid = paid

    def teardown(self) -> None:
        assert self.run(findings(self.pipeline)) == []


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def test_the_books_agree_whatever_is_done(dsn: str, runner: asyncio.Runner) -> None:
    over = pipeline_over(dsn)
    now = runner.run(over.__aenter__())

    class Here(Payouts):
        pipeline = now

    Here.runner = runner
    try:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=12,
                stateful_step_count=12,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        runner.run(over.__aexit__(None, None, None))
