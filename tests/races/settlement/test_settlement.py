"""A race that has ended becomes a result: once, to the cent, and provable."""

from datetime import timedelta

from goatedvips.races.settlement.service import settle_due
from tests.pipeline import Pipeline, row

DOLLAR = 100_000_000


async def ended_race(pipeline: Pipeline, **rules: object) -> int:
    """Let a race of a day pass in which a wagers 30, b 20, c 10 and d nothing."""
    await pipeline.pull(row("a", "100"), row("b", "100"), row("c", "100"), row("d", "100"))
    race = await pipeline.race(**rules)
    await pipeline.pull(row("a", "100"), row("b", "100"), row("c", "100"), row("d", "100"))
    await pipeline.pull(row("a", "130"), row("b", "120"), row("c", "110"), row("d", "100"), hours=23)
    await pipeline.pull(hours=1)
    return race


async def test_who_won_is_owed_his_prize_once(pipeline: Pipeline) -> None:
    race = await ended_race(pipeline)

    first = await settle_due(pipeline.engine, pipeline.clock)
    again = await settle_due(pipeline.engine, pipeline.clock)

    assert [first, again] == [[race], []]
    assert await pipeline.fetch("SELECT status, result_version FROM wager_races") == [("completed", 1)]
    assert await pipeline.fetch(
        "SELECT goated_id, position, amount, status FROM race_awards JOIN players ON players.id = player_id"
        " ORDER BY position"
    ) == [("a", 1, 4250, "pending"), ("b", 2, 2000, "pending"), ("c", 3, 1500, "pending")]
    assert await pipeline.fetch(
        "SELECT account, sum(amount)::bigint FROM ledger_postings GROUP BY account ORDER BY account"
    ) == [
        ("award:1:owed", 4250),
        ("award:2:owed", 2000),
        ("award:3:owed", 1500),
        ("operator", -7750),
        ("race:1:pool", 0),
    ]
