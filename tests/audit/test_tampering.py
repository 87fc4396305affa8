"""What somebody with every right in the database does to the log is found, and named."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.audit.service import Act, record, verify

NOON = datetime(2026, 3, 26, 12, tzinfo=UTC)
CHANGED = "Entry 3 was changed: its hash is not that of what it says."


async def five(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        acts = [Act("award.paid", f"award:{number}", {"cents": 100 * number}) for number in range(1, 6)]
        await record(connection, acts, actor="cli:ada", at=NOON)


async def findings(engine: AsyncEngine, head: str | None = None) -> list[str]:
    async with engine.connect() as connection:
        return (await verify(connection, head=head)).findings


def rehash(forger: psycopg.Connection, number: int) -> None:
    """Give an entry the hash of what it says now, as somebody would who has read how it is made."""
    row = forger.execute(
        "SELECT actor, action, subject, details, encode(previous_sha256, 'hex') FROM audit_log WHERE id = %s",
        [number],
    ).fetchone()
    assert row is not None
    names = ("actor", "action", "subject", "details", "previous")
    document = dict(zip(names, row, strict=True)) | {"id": number, "at": "2026-03-26T12:00:00.000000Z"}
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    forger.execute(
        "UPDATE audit_log SET sha256 = %s WHERE id = %s",
        [hashlib.sha256(canonical.encode()).digest(), number],
    )


@pytest.mark.parametrize(
    "assignment",
    [
        """details = '{"cents": 301}'""",
        """details = '{"cents": 300.0}'""",
        """details = details || '{"note": "ok"}'""",
        "details = '[]'",
        "details = 'null'",
        "details = ('{\"cents\": 1' || repeat('0', 5000) || '}')::jsonb",
        "details = jsonb_build_object('cents', (repeat('[', 6000) || repeat(']', 6000))::jsonb)",
        "at = at + interval '1 microsecond'",
        "at = 'infinity'",
        "at = '2026-03-26 12:00:00Z BC'",
        "actor = 'cli:eve'",
        "action = 'award.rejected'",
        "subject = 'award:4'",
        "sha256 = sha256('another')",
    ],
)
async def test_a_changed_entry_is_named(
    engine: AsyncEngine, forger: psycopg.Connection, assignment: str
) -> None:
    await five(engine)
    forger.execute(f"UPDATE audit_log SET {assignment} WHERE id = 3".encode())

    assert (await findings(engine))[0] == CHANGED


async def test_a_removed_entry_is_named(engine: AsyncEngine, forger: psycopg.Connection) -> None:
    await five(engine)
    forger.execute("DELETE FROM audit_log WHERE id IN (1, 3)")

    assert await findings(engine) == ["Entry 1 is missing.", "Entry 3 is missing."]


async def test_entries_that_changed_places_are_named(engine: AsyncEngine, forger: psycopg.Connection) -> None:
    await five(engine)
    forger.execute("UPDATE audit_log SET id = 99 WHERE id = 3")
    forger.execute("UPDATE audit_log SET id = 3 WHERE id = 4")
    forger.execute("UPDATE audit_log SET id = 4 WHERE id = 99")

    assert await findings(engine) == [CHANGED, CHANGED.replace("3", "4")]


async def test_a_changed_entry_with_a_new_hash_is_named(
    engine: AsyncEngine, forger: psycopg.Connection
) -> None:
    await five(engine)
    forger.execute("UPDATE audit_log SET details = %s WHERE id = 3", [Jsonb({"cents": 9})])
    rehash(forger, 3)

    (finding,) = await findings(engine)
    assert finding.startswith("Entry 4 does not follow entry 3: one of the two was changed")


async def test_a_gap_that_was_closed_by_new_numbers_is_found(
    engine: AsyncEngine, forger: psycopg.Connection
) -> None:
    await five(engine)
    forger.execute("DELETE FROM audit_log WHERE id = 3")
    for number in (4, 5):
        forger.execute("UPDATE audit_log SET id = id - 1 WHERE id = %s", [number])
        rehash(forger, number - 1)

    assert (await findings(engine))[0].startswith("Entry 3 does not follow entry 2")


def cut(forger: psycopg.Connection) -> None:
    forger.execute("DELETE FROM audit_log WHERE id > 3")


def write_anew(forger: psycopg.Connection) -> None:
    forger.execute("UPDATE audit_log SET details = %s WHERE id = 3", [Jsonb({"cents": 9})])
    rehash(forger, 3)
    for number in (4, 5):
        forger.execute(
            "UPDATE audit_log SET previous_sha256 = (SELECT sha256 FROM audit_log WHERE id = %s)"
            " WHERE id = %s",
            [number - 1, number],
        )
        rehash(forger, number)


@pytest.mark.parametrize("forge", [cut, write_anew])
async def test_a_cut_end_and_a_chain_written_anew_show_against_a_noted_head(
    engine: AsyncEngine, forger: psycopg.Connection, forge: Callable[[psycopg.Connection], None]
) -> None:
    await five(engine)
    async with engine.connect() as connection:
        head = (await verify(connection)).head
    assert await findings(engine, head) == []
    forge(forger)

    assert await findings(engine) == []
    (finding,) = await findings(engine, head)
    assert finding.startswith(f"No entry has the hash {head}")
