"""`goatedvips retention`: what would go, what went, and what is kept how long."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from goatedvips.retention.rules import rules
from tests.cli.conftest import Program

OLD = """
    INSERT INTO login_attempts (kind, subject_sha256, at)
    SELECT 'sign_in', '', now() - interval '40 days' FROM generate_series(1, 3);
    SELECT make_room('api_request_logs', (now() - interval '1 day' * days)::date)
      FROM generate_series(0, 10) AS days;
"""


@pytest.fixture
def database(goatedvips: Program) -> Iterator[psycopg.Connection]:
    """A database with something that is due."""
    with psycopg.connect(goatedvips.settings["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(OLD)
        yield connection


def by_table(told: dict[str, Any]) -> dict[str, tuple[int, str]]:
    return {rule["table"]: (rule["count"], rule["unit"]) for rule in told["rules"]}


def left(database: psycopg.Connection) -> list[tuple[Any, ...]]:
    return database.execute(
        "SELECT (SELECT count(*) FROM login_attempts),"
        " (SELECT count(*) FROM pg_inherits WHERE inhparent = 'api_request_logs'::regclass)"
    ).fetchall()


def test_what_would_go_is_told_and_stays_until_it_is_let_go(
    goatedvips: Program, database: psycopg.Connection
) -> None:
    before = left(database)
    dry = goatedvips("retention", "--dry-run", "--json")
    untouched = left(database)
    wet = goatedvips("retention", "--json")
    again = goatedvips("retention", "--json")

    assert (dry.code, wet.code, again.code) == (0, 0, 0)
    assert untouched == before == [(3, 11)]
    told = dry.json()
    assert told["dryRun"] is True
    assert by_table(told) == by_table(wet.json())
    assert by_table(told)["login_attempts"] == (3, "rows")
    assert by_table(told)["api_request_logs"] == (3, "days")
    assert set(by_table(again.json()).values()) == {(0, "rows"), (0, "days")}
    assert left(database) == [(0, 8)]


def test_every_rule_is_shown_in_words(goatedvips: Program, database: psycopg.Connection) -> None:
    spoken = goatedvips("retention", "--dry-run", GOATEDVIPS_REPORT_DAYS="2.5")

    assert not [rule.table for rule in rules(timedelta(days=2.5)) if rule.table not in spoken.out]
    assert "2.5 days" in spoken.out
    assert "3 rows" in spoken.out
    assert "would go" in spoken.out
    assert left(database) == [(3, 11)]


def test_what_is_in_use_is_said_to_stay(goatedvips: Program, database: psycopg.Connection) -> None:
    with database.transaction():
        database.execute("SELECT count(*) FROM api_request_logs")
        told = goatedvips("retention", "--json")
        spoken = goatedvips("retention")

    put_off = {rule["table"] for rule in told.json()["rules"] if rule["putOff"]}
    assert put_off == {"api_request_logs"}
    assert "api_request_logs is in use" in spoken.out
    assert left(database) == [(0, 11)]
