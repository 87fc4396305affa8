"""The ledger against races, results and awards: real settlements hold, and every forgery is named."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from goatedvips.ledger.accounts import owed, paid
from goatedvips.ledger.service import Transfer, post
from goatedvips.ledger.service import verify as verify_ledger
from goatedvips.races.settlement import books
from goatedvips.races.settlement.correction import take_away
from goatedvips.races.settlement.service import settle_due
from tests.pipeline import Pipeline, pipeline_over, row

PRIZES = [{"place": 1, "amount": "50"}, {"place": 2, "amount": "30"}, {"place": 3, "amount": "10"}]


@pytest.fixture
async def pipeline(dsn: str) -> AsyncIterator[Pipeline]:
    async with pipeline_over(dsn) as pipeline:
        yield pipeline


async def settled(pipeline: Pipeline, policy: str = "forfeit") -> None:
    """Make race 1, in which players 1 to 5 take places 1 to 5; awards 1 to 3 are owed."""
    uids = "abcde"
    await pipeline.pull(*[row(uid, "0") for uid in uids])
    race_id = await pipeline.race(prizes=PRIZES)
    await pipeline.execute("UPDATE wager_races SET reject_policy = :policy", policy=policy)
    await pipeline.pull(*[row(uid, "0") for uid in uids])
    await pipeline.pull(*[row(uid, str(90 - place)) for place, uid in enumerate(uids)], days=1)
    assert await settle_due(pipeline.engine, pipeline.clock) == [race_id]
    assert await findings(pipeline) == []


async def findings(pipeline: Pipeline) -> list[str]:
    async with pipeline.engine.connect() as connection:
        return [*await verify_ledger(connection), *await books.verify(connection)]


async def rejected(pipeline: Pipeline, player_id: int) -> None:
    async with pipeline.engine.begin() as connection:
        await take_away(connection, 1, player_id, reason="cheated", actor="cli:ada", now=pipeline.clock())


async def pay(pipeline: Pipeline, award: int, cents: int) -> None:
    await pipeline.execute(
        "UPDATE race_awards SET status = 'paid', approved_by = 'x', approved_at = :now, paid_by = 'y',"
        " paid_at = :now WHERE id = :award",
        now=pipeline.clock(),
        award=award,
    )
    async with pipeline.engine.begin() as connection:
        transfer = Transfer(f"award:{award}:paid", owed(award), paid(award), cents)
        await post(connection, [transfer], at=pipeline.clock())


@pytest.mark.parametrize("policy", ["forfeit", "move_up"])
async def test_what_was_settled_paid_and_taken_away_agrees(pipeline: Pipeline, policy: str) -> None:
    await settled(pipeline, policy)
    await pay(pipeline, 2, 3000)
    await rejected(pipeline, 1)
    if policy == "move_up":
        # Whoever was paid the second prize is owed what the first has more.
        await pay(pipeline, 4, 2000)
    await rejected(pipeline, 3)

    statuses = await pipeline.fetch("SELECT player_id, amount, status FROM race_awards ORDER BY id")
    assert await findings(pipeline) == []
    assert statuses[:3] == [(1, 5000, "rejected"), (2, 3000, "paid"), (3, 1000, "rejected")]


async def test_a_race_that_nobody_won_agrees(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "0"))
    await pipeline.race(prizes=PRIZES)
    await pipeline.pull(row("a", "0"))
    await pipeline.pull(row("a", "0"), days=1)

    assert await settle_due(pipeline.engine, pipeline.clock) == [1]
    assert await findings(pipeline) == []


FUNDED = "Race 1: its pool of {} dollars was funded {} times, with {} dollars in all."
SPENT = "Race 1: awards of {}, forfeits of {} and returns of {} dollars do not sum to its pool of {} dollars."
PRIZE = (
    "Race 1, player {}: the prize in the newest result is {} dollars,"
    " but the awards that stand owe {} dollars."
)
PAID_UNPOSTED = (
    "UPDATE race_awards SET status = 'paid', approved_by = 'x', paid_by = 'x', paid_at = now() WHERE id = 2"
)
UNEXPLAINED = (
    "Transfer race:1:2:pool moves 1.00 dollars from operator to race:1:pool,"
    " which is not what a cause of this name moves."
)
CALLS = "Transfer award:{}:{}: {} calls for {}, and the ledger has {}."
ADD = "INSERT INTO ledger_transfers (key, debit, credit, amount, at) VALUES ({}, now())"


@pytest.mark.parametrize(
    ("forgery", "found"),
    [
        (
            "UPDATE wager_races SET prize_pool = 9900",
            [FUNDED.format("99.00", 1, "100.00"), SPENT.format("90.00", "0.00", "10.00", "99.00")],
        ),
        (
            "DELETE FROM ledger_transfers WHERE key = 'race:1:1:pool'",
            [
                "Account race:1:pool holds -100.00 dollars: it is below zero.",
                FUNDED.format("100.00", 0, "0.00"),
            ],
        ),
        (
            ADD.format("'race:1:2:returned', 'race:1:pool', 'operator', 100")
            + ";"
            + ADD.format("'race:1:2:pool', 'operator', 'race:1:pool', 100"),
            [
                UNEXPLAINED,
                FUNDED.format("100.00", 2, "101.00"),
                SPENT.format("90.00", "0.00", "11.00", "100.00"),
            ],
        ),
        (
            ADD.format("'race:9:1:pool', 'operator', 'race:9:pool', 100")
            + ";"
            + ADD.format("'race:9:1:returned', 'race:9:pool', 'operator', 100"),
            [
                f"Transfer race:9:1:{cause} touches race:9:pool, but no race of this number is settled."
                for cause in ("pool", "returned")
            ],
        ),
        (
            ADD.format("'award:2:paid', 'award:2:owed', 'award:2:paid', 3000"),
            [
                CALLS.format(
                    *(2, "paid", "award 2 of race 1, pending,", "none"),
                    "30.00 dollars from award:2:owed to award:2:paid",
                )
            ],
        ),
        (
            PAID_UNPOSTED,
            [
                CALLS.format(
                    *(2, "paid", "award 2 of race 1, paid,"),
                    *("30.00 dollars from award:2:owed to award:2:paid", "none"),
                )
            ],
        ),
        (
            "UPDATE race_awards SET status = 'rejected', rejected_at = now() WHERE id = 2",
            [
                CALLS.format(
                    *(2, "forfeited", "award 2 of race 1, rejected,"),
                    *("30.00 dollars from award:2:owed to race:1:forfeited", "none"),
                ),
                SPENT.format("60.00", "0.00", "10.00", "100.00"),
                PRIZE.format(2, "30.00", "0.00"),
            ],
        ),
        (
            "UPDATE race_awards SET amount = 3001 WHERE id = 2",
            [
                CALLS.format(
                    *(2, "owed", "award 2 of race 1, pending,"),
                    "30.01 dollars from race:1:pool to award:2:owed",
                    "30.00 dollars from race:1:pool to award:2:owed",
                ),
                SPENT.format("90.01", "0.00", "10.00", "100.00"),
                PRIZE.format(2, "30.00", "30.01"),
            ],
        ),
        (
            "DELETE FROM race_awards WHERE id = 2",
            [
                CALLS.format(
                    *(2, "owed", "no award that is there", "none"),
                    "30.00 dollars from race:1:pool to award:2:owed",
                ),
                SPENT.format("60.00", "0.00", "10.00", "100.00"),
                PRIZE.format(2, "30.00", "0.00"),
            ],
        ),
        (
            "UPDATE race_standings SET prize = 3001 WHERE player_id = 2",
            [PRIZE.format(2, "30.01", "30.00")],
        ),
        (
            "UPDATE race_awards SET player_id = 5 WHERE id = 2",
            [
                PRIZE.format(2, "30.00", "0.00"),
                PRIZE.format(5, "0.00", "30.00"),
                "Award 2 of race 1 is for place 2, but in version 1 the place of player 5 is 5.",
            ],
        ),
        (
            "UPDATE race_awards SET version = 2 WHERE id = 2",
            ["Award 2 of race 1 is for place 2, but in version 2 the place of player 2 is none."],
        ),
        (
            "UPDATE race_awards SET position = 1 WHERE id = 2",
            [
                "Award 2 of race 1 is for place 1, but in version 1 the place of player 2 is 2.",
                "Race 1, version 1: place 1 has 2 awards, which are 1, 2.",
            ],
        ),
    ],
)
async def test_a_forgery_is_named(
    pipeline: Pipeline, forger: psycopg.Connection, forgery: str, found: list[str]
) -> None:
    await settled(pipeline)
    forger.execute(forgery.encode())

    assert await findings(pipeline) == found


async def test_a_second_award_for_the_same_place_is_named(
    pipeline: Pipeline, forger: psycopg.Connection
) -> None:
    await settled(pipeline)
    forger.execute("ALTER TABLE race_awards DROP CONSTRAINT uq_race_awards_race_id_player_id_version")
    forger.execute(
        "INSERT INTO race_awards (race_id, version, player_id, position, amount, created_at)"
        " SELECT race_id, version, player_id, position, amount, created_at FROM race_awards WHERE id = 2"
    )

    found = await findings(pipeline)
    assert "Race 1, version 1: player 2 has 2 awards, which are 2, 4." in found
    assert "Race 1, version 1: place 2 has 2 awards, which are 2, 4." in found
    assert PRIZE.format(2, "30.00", "60.00") in found


async def test_an_award_of_a_race_that_is_not_settled_is_named(
    pipeline: Pipeline, forger: psycopg.Connection
) -> None:
    await settled(pipeline)
    forger.execute("UPDATE wager_races SET status = 'live', settled_at = NULL, result_version = 0")

    found = await findings(pipeline)
    assert "Transfer award:1:owed touches race:1:pool, but no race of this number is settled." in found
    assert "Award 1 of race 1 is for place 1, but in version 1 the place of player 1 is none." in found
