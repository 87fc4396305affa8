"""What is recorded, and what the database itself refuses."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.audit.service import Act, record, unattested, verify

NOON = datetime(2026, 3, 26, 12, 0, 0, 123456, tzinfo=UTC)
SETTLED = Act("race.settled", "race:7", {"version": 1, "proof": "ab", "names": ["Zoë", None], "paid": False})
APPROVED = Act("award.approved", "award:12", {"cents": 5000})


async def recorded(engine: AsyncEngine, *acts: Act) -> None:
    async with engine.begin() as connection:
        await record(connection, acts, actor="worker", at=NOON)


async def entries_and_findings(engine: AsyncEngine) -> tuple[int, list[str]]:
    async with engine.connect() as connection:
        verdict = await verify(connection)
    return verdict.entries, verdict.findings


async def test_acts_are_numbered_from_one_and_chained(engine: AsyncEngine, dsn: str) -> None:
    await recorded(engine, SETTLED, APPROVED)
    await recorded(engine, APPROVED)

    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT id, at, actor, action, subject, details, previous_sha256, sha256"
            " FROM audit_log ORDER BY id"
        ).fetchall()
    assert [row[:6] for row in rows] == [
        (number, NOON, "worker", act.action, act.subject, act.details)
        for number, act in enumerate([SETTLED, APPROVED, APPROVED], 1)
    ]
    assert [row[6] for row in rows] == [bytes(32), *[row[7] for row in rows[:-1]]]
    assert await entries_and_findings(engine) == (3, [])


async def test_many_acts_are_one_insert(engine: AsyncEngine) -> None:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:  # noqa: ANN401 - the hook's
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    await recorded(engine, *[APPROVED] * 1000)

    assert sum("INSERT" in statement for statement in statements) == 1
    assert len(statements) == 3
    assert await entries_and_findings(engine) == (1000, [])


async def test_a_log_longer_than_one_chunk_is_followed_over_the_seams(
    engine: AsyncEngine, forger: psycopg.Connection
) -> None:
    await recorded(engine, *[APPROVED] * 10_001)
    forger.execute("DELETE FROM audit_log WHERE id IN (5000, 5001, 7000)")

    assert await entries_and_findings(engine) == (
        9_998,
        ["Entries 5000 to 5001 are missing.", "Entry 7000 is missing."],
    )


async def test_no_acts_are_no_entry_and_wait_for_nobody(engine: AsyncEngine) -> None:
    async with engine.begin() as busy, engine.begin() as idle:
        await record(busy, [SETTLED], actor="worker", at=NOON)
        await record(idle, [], actor="worker", at=NOON)

    assert await entries_and_findings(engine) == (1, [])


async def test_what_is_rolled_back_leaves_no_gap(engine: AsyncEngine) -> None:
    await recorded(engine, SETTLED)
    async with engine.connect() as connection:
        await record(connection, [SETTLED, APPROVED], actor="worker", at=NOON)
        await connection.rollback()
    await recorded(engine, APPROVED)

    assert await entries_and_findings(engine) == (2, [])


async def test_a_float_is_refused_and_nothing_of_its_batch_is_recorded(engine: AsyncEngine) -> None:
    with pytest.raises(ValueError, match=r"0\.5 is a float"):
        await recorded(engine, SETTLED, Act("race.settled", "race:8", {"share": 0.5}))

    assert await entries_and_findings(engine) == (0, [])


async def test_an_act_is_attested_by_an_entry_that_holds_all_its_details(engine: AsyncEngine) -> None:
    await recorded(engine, SETTLED, APPROVED)
    acts = [
        Act("race.settled", "race:7", {"proof": "ab"}),
        Act("race.settled", "race:7", {"proof": "cd"}),
        Act("race.settled", "race:8", {}),
        Act("race.started", "race:7", {}),
        APPROVED,
    ]

    async with engine.connect() as connection:
        assert await unattested(connection, acts) == acts[1:4]
        assert await unattested(connection, []) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET actor = 'eve'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
)
async def test_the_log_is_closed_by_right_and_then_by_trigger(
    engine: AsyncEngine, dsn: str, statement: str
) -> None:
    await recorded(engine, SETTLED)
    with psycopg.connect(dsn, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
        connection.execute("GRANT UPDATE, DELETE, TRUNCATE ON audit_log TO CURRENT_USER")
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute(statement)

    assert await entries_and_findings(engine) == (1, [])


async def test_two_entries_cannot_follow_the_same_one(engine: AsyncEngine, dsn: str) -> None:
    await recorded(engine, SETTLED)

    with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.UniqueViolation, match="previous"):
        connection.execute(
            "INSERT INTO audit_log SELECT 2, at, actor, action, subject, details, previous_sha256,"
            " sha256('another') FROM audit_log"
        )
