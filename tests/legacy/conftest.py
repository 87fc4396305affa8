"""A database of the first system beside one of ours that a pull has filled, and the program over both."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.api.conftest import Feed, serving_feed
from tests.cli.conftest import Program, Said
from tests.legacy.first_system import SCHEMA, FirstSystem
from tests.roles import app_dsn


@dataclass
class Migration:
    """Both databases, and the command between them."""

    program: Program
    first: FirstSystem
    dsn: str
    rows_file: Path
    said: list[Said] = field(default_factory=list)

    def run(self, *flags: str) -> dict[str, Any]:
        """Import, and return what was told, with every row by table and number under `rows`."""
        self.rows_file.unlink(missing_ok=True)
        said = self.program(
            *("import-legacy", "--from", self.first.dsn, "--json", "--report", str(self.rows_file), *flags)
        )
        self.said.append(said)
        told: dict[str, Any] = said.json()
        assert said.code == (0 if told["complete"] else 3), said
        lines = map(json.loads, self.rows_file.read_text(encoding="utf-8").splitlines())
        return told | {"rows": {(row["table"], row["id"]): row for row in lines}}

    def fetch(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask our database."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute("SELECT set_config('goatedvips.role', 'system', false)")
            return connection.execute(query.encode(), values).fetchall()

    def change(self, statement: str) -> None:
        """Change our database behind the program's back."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute("SELECT set_config('goatedvips.role', 'system', false)")
            connection.execute(statement.encode())

    def may(self, statement: str) -> bool:
        """Say whether the owner of our database is let do this."""
        try:
            self.change(statement)
        except psycopg.errors.RestrictViolation:
            return False
        return True

    def state(self) -> dict[str, list[str]]:
        """Return everything that our database holds, as text."""
        tables = self.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return {
            table: [text for (text,) in self.fetch(f'SELECT held::text FROM "{table}" AS held ORDER BY 1')]
            for (table,) in tables
        }


def codes(row: dict[str, Any]) -> dict[str, str]:
    """Return what was found in a row: codes by field."""
    return {found["field"]: found["code"] for found in row["findings"]}


@pytest.fixture
def feed() -> Iterator[Feed]:
    with serving_feed() as feed:
        yield feed


@pytest.fixture
def first(empty_dsn: str) -> FirstSystem:
    """A database of the first system without rows."""
    system = FirstSystem(empty_dsn)
    system.execute(SCHEMA)
    return system


@pytest.fixture
def unfed(dsn: str, feed: Feed, home: Path, first: FirstSystem) -> Migration:
    """Both, before the feed has named anybody here."""
    settings = {
        "DATABASE_URL": app_dsn(dsn),
        "GOATEDVIPS_HOME": str(home),
        "GOATED_API_URL": feed.url,
        "GOATED_REFERRAL_CODE": "CODE",
    }
    return Migration(Program(settings), first, dsn, home.with_suffix(".jsonl"))


@pytest.fixture
def migration(unfed: Migration) -> Migration:
    """Both, after the first report."""
    assert unfed.program("sync", "--json").code == 0
    return unfed
