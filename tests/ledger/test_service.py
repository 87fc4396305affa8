"""Money moves once for each cause, and what is there can be checked."""

from collections import Counter
from datetime import UTC, datetime

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.ledger.accounts import OPERATOR, forfeited, owed, paid, pool
from goatedvips.ledger.service import AlreadyPosted, Transfer, balances, count, post, verify

NOON = datetime(2026, 3, 26, 12, tzinfo=UTC)
FUNDED = Transfer("race:7:1:pool", OPERATOR, pool(7), 10_000)
OWED = Transfer("award:12:owed", pool(7), owed(12), 10_000)
PAID = Transfer("award:12:paid", owed(12), paid(12), 10_000)


async def posted(engine: AsyncEngine, *transfers: Transfer) -> None:
    async with engine.begin() as connection:
        await post(connection, transfers, at=NOON)


async def findings(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return await verify(connection)


async def test_money_that_was_moved_is_where_it_went(engine: AsyncEngine) -> None:
    await posted(engine, FUNDED, OWED)
    await posted(engine, PAID)
    accounts = [OPERATOR, pool(7), owed(12), paid(12), paid(99)]

    async with engine.connect() as connection:
        found = await balances(connection, accounts)
        assert await count(connection) == 3
    assert found == {OPERATOR: -10_000, pool(7): 0, owed(12): 0, paid(12): 10_000, paid(99): 0}
    assert await findings(engine) == []


async def test_many_transfers_are_one_statement_in_their_order(engine: AsyncEngine, dsn: str) -> None:
    statements: list[str] = []
    event.listen(
        engine.sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: statements.append(statement),
    )
    awards = [Transfer(f"award:{number}:owed", pool(7), owed(number), 10) for number in range(1000, 0, -1)]
    await posted(engine, FUNDED, *awards)

    assert len(statements) == 1
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT key FROM ledger_transfers ORDER BY id").fetchall()
    assert [key for (key,) in rows] == [FUNDED.key, *[transfer.key for transfer in awards]]


async def test_a_cause_that_has_moved_money_moves_none_again(engine: AsyncEngine) -> None:
    await posted(engine, FUNDED)

    with pytest.raises(AlreadyPosted, match="race:7:1:pool") as refused:
        await posted(engine, OWED, FUNDED)

    assert (refused.value.key, refused.value.status) == ("race:7:1:pool", 409)
    async with engine.connect() as connection:
        assert await balances(connection, [pool(7), owed(12)]) == {pool(7): 10_000, owed(12): 0}


async def test_a_cause_that_is_given_twice_moves_nothing(engine: AsyncEngine) -> None:
    with pytest.raises(AlreadyPosted):
        await posted(engine, FUNDED, FUNDED)

    async with engine.connect() as connection:
        assert await count(connection) == 0


async def test_nothing_to_move_is_no_statement(engine: AsyncEngine) -> None:
    await posted(engine)

    assert await findings(engine) == []


@pytest.mark.parametrize(
    "wrong",
    [
        Transfer("k", OPERATOR, pool(7), 0),
        Transfer("k", OPERATOR, pool(7), -1),
        Transfer("k", OPERATOR, OPERATOR, 1),
    ],
)
async def test_a_transfer_that_moves_nothing_is_refused(engine: AsyncEngine, wrong: Transfer) -> None:
    with pytest.raises(IntegrityError):
        await posted(engine, wrong)


async def test_more_money_than_there_is_in_the_world_is_refused(engine: AsyncEngine) -> None:
    with pytest.raises(DBAPIError):
        await posted(engine, Transfer("k", OPERATOR, pool(7), 2**63))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_transfers SET amount = 1", "DELETE FROM ledger_transfers", "TRUNCATE ledger_transfers"],
)
async def test_the_ledger_is_closed_by_right_and_then_by_trigger(
    engine: AsyncEngine, dsn: str, statement: str
) -> None:
    await posted(engine, FUNDED)
    with psycopg.connect(dsn, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
        connection.execute("GRANT UPDATE, DELETE, TRUNCATE ON ledger_transfers TO CURRENT_USER")
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute(statement)

    async with engine.connect() as connection:
        assert await balances(connection, [pool(7)]) == {pool(7): 10_000}


async def test_a_changed_amount_and_a_removed_transfer_show_in_the_balances(
    engine: AsyncEngine, forger: psycopg.Connection
) -> None:
    await posted(engine, FUNDED, OWED, PAID)
    forger.execute("UPDATE ledger_transfers SET amount = 9999 WHERE key = 'race:7:1:pool'")
    assert await findings(engine) == ["Account race:7:pool holds -0.01 dollars: it is below zero."]
    forger.execute("DELETE FROM ledger_transfers WHERE key = 'award:12:owed'")

    assert await findings(engine) == [
        "Account award:12:owed holds -100.00 dollars: it is below zero.",
        "Account race:7:pool holds 99.99 dollars: it should be empty.",
    ]


async def test_a_ledger_whose_view_was_replaced_does_not_sum_to_zero(
    engine: AsyncEngine, forger: psycopg.Connection
) -> None:
    await posted(engine, FUNDED, OWED, PAID)
    forger.execute(
        "CREATE OR REPLACE VIEW ledger_postings AS"
        " SELECT id AS transfer_id, key, at, debit AS account, -amount AS amount FROM ledger_transfers"
    )

    assert (await findings(engine))[0] == "The ledger sums to -300.00 dollars instead of 0.00."


async def test_a_transfer_that_its_name_does_not_explain_is_named(engine: AsyncEngine) -> None:
    await posted(engine, Transfer("award:12:paid", OPERATOR, paid(12), 5))

    (finding,) = await findings(engine)
    assert finding == (
        "Transfer award:12:paid moves 0.05 dollars from operator to award:12:paid,"
        " which is not what a cause of this name moves."
    )


RACES, AWARDS = st.integers(1, 3), st.integers(1, 4)
FLOWS = st.one_of(
    st.builds(lambda race: (f"race:{race}:1:pool", OPERATOR, pool(race)), RACES),
    st.builds(lambda race, v: (f"race:{race}:{v}:returned", pool(race), OPERATOR), RACES, AWARDS),
    st.builds(lambda race, award: (f"award:{award}:owed", pool(race), owed(award)), RACES, AWARDS),
    st.builds(lambda award: (f"award:{award}:paid", owed(award), paid(award)), AWARDS),
    st.builds(lambda race, award: (f"award:{award}:forfeited", owed(award), forfeited(race)), RACES, AWARDS),
    st.builds(lambda race, award: (f"award:{award}:reversed", owed(award), pool(race)), RACES, AWARDS),
)
TRANSFERS = st.builds(
    lambda flow, amount: Transfer(flow[0], flow[1], flow[2], amount), FLOWS, st.integers(1, 10**12)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(TRANSFERS, max_size=5), max_size=8))
async def test_whatever_is_posted_the_ledger_is_what_pen_and_paper_say(
    engine: AsyncEngine, batches: list[list[Transfer]]
) -> None:
    held: Counter[str] = Counter()
    seen: set[str] = set()
    async with engine.connect() as connection:
        for batch in batches:
            keys = [transfer.key for transfer in batch]
            try:
                async with connection.begin_nested():
                    await post(connection, batch, at=NOON)
            except AlreadyPosted:
                assert len({*keys}) < len(keys) or seen & {*keys}
                continue
            assert len({*keys}) == len(keys)
            assert not seen & {*keys}
            seen |= {*keys}
            for transfer in batch:
                held[transfer.debit] -= transfer.amount
                held[transfer.credit] += transfer.amount

        assert await balances(connection, [*held]) == held
        found = {finding.split()[1] for finding in await verify(connection)}
    assert found == {
        account
        for account, cents in held.items()
        if account != OPERATOR and (cents < 0 or (cents > 0 and account.endswith(":pool")))
    }
