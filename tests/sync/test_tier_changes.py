"""Tiers that players reach are kept, told once, and taken from nobody."""

from decimal import Decimal

from goatedvips.players.service import progress
from goatedvips.players.tiers import TierLevel
from tests.people import add_person
from tests.pipeline import Pipeline, row

DOLLAR = 10**8
KEPT = (
    "SELECT player.goated_id, change.tier, change.run_id FROM tier_changes AS change"
    " JOIN players AS player ON player.id = change.player_id ORDER BY change.run_id, 1"
)
TOLD = "SELECT payload->>'tier', payload->>'user' FROM outbox WHERE kind = 'player.tier_changed' ORDER BY id"


async def test_a_rise_is_kept_with_its_run_and_told(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "9999.99"), row("b", "5"))
    person = add_person(pipeline.dsn, "ann", uid="a")
    await pipeline.pull(row("a", "10000"), row("b", "6"))

    assert await pipeline.fetch(KEPT) == [("a", 1, 2)]
    assert await pipeline.fetch(TOLD) == [("silver", str(person.id))]


async def test_who_comes_with_his_tier_has_changed_nothing(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "250000"))

    assert await pipeline.fetch(KEPT) == [("a", 2, 1)]
    assert await pipeline.fetch(TOLD) == []


async def test_several_tiers_at_once_are_one_change(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"))
    await pipeline.pull(row("a", "600000"))

    assert await pipeline.fetch(KEPT) == [("a", 3, 2)]
    assert await pipeline.fetch(TOLD) == [("platinum", None)]


async def test_a_feed_that_corrects_itself_takes_no_tier_and_tells_none_twice(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "9000"))
    await pipeline.pull(row("a", "12000"))
    corrected = await pipeline.pull(row("a", "9000"))
    await pipeline.pull(row("a", "12000"))

    assert [mark.code for mark in corrected.marks] == ["falling_all_time"]
    assert await pipeline.fetch(KEPT) == [("a", 1, 2)]
    assert await pipeline.fetch(TOLD) == [("silver", None)]


def test_who_was_taken_below_his_tier_keeps_it_and_is_marked() -> None:
    fallen, never = progress(9000 * DOLLAR, kept=1), progress(9000 * DOLLAR)

    assert (fallen.name, fallen.corrected, fallen.progress) == (TierLevel.SILVER, True, 0)
    assert (never.name, never.corrected) == (TierLevel.BRONZE, False)
    assert fallen.next is not None
    assert (fallen.next.name, fallen.next.missing) == (TierLevel.GOLD, Decimal(91_000))
