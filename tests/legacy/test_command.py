"""The command: repeated, as a dry run, watched, and with what cannot be."""

import csv
import stat
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.api.conftest import until
from tests.cli.conftest import Said
from tests.legacy.conftest import Migration, codes
from tests.legacy.first_system import CLEAR
from tests.legacy.test_history import race, soon
from tests.people import add_person

ADA = "uidAda00000000000001"
WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def full(migration: Migration) -> Migration:
    """A first system with something of everything."""
    first = migration.first
    first.user("ada", goated_id=ADA, goated_account_linked=True)
    first.user("two words", email="two@example.com", password=CLEAR)
    first.add("users", username="placeholder", goated_id="uidCid00000000000003")
    first.add("users", username="lost", password=CLEAR)
    over = race(first)
    race(first, "scheduled", type="special", start_date=soon(2), end_date=soon(3))
    first.add("wager_race_participants", race_id=over, goated_id=ADA, wagered="1.5", position=1)
    first.add("sync_logs", sync_type="users", target_entity="users")
    return migration


def test_a_dry_run_reports_everything_and_changes_nothing(full: Migration) -> None:
    before = full.state()

    dry = full.run("--dry-run", "--send-resets")
    unchanged = full.state()
    real = full.run("--send-resets")

    assert unchanged == before
    assert dry["dryRun"]
    assert not real["dryRun"]
    assert [(row["outcome"], codes(row)) for row in dry["rows"].values()] == [
        (row["outcome"], codes(row)) for row in real["rows"].values()
    ]
    assert {key: dry[key] for key in ("tables", "links", "resets")} == {
        key: real[key] for key in ("tables", "links", "resets")
    }
    assert full.state() != before


def test_a_repeated_import_takes_nothing(full: Migration) -> None:
    first = full.run("--send-resets")
    held = full.state()
    again = full.run("--send-resets")

    assert full.state() == held
    assert again["tables"]["users"] == {
        "read": 4,
        "taken": 0,
        "mended": 0,
        "refused": 1,
        "left": 1,
        "there": 2,
    }
    assert again["tables"]["wager_races"]["there"] == 2
    assert again["tables"]["wager_race_participants"]["there"] == 1
    assert [row["target"] for row in first["rows"].values() if row["table"] == "users"] == [
        row["target"] for row in again["rows"].values() if row["table"] == "users"
    ]


def test_rows_that_came_meanwhile_are_taken_by_the_next_import(full: Migration) -> None:
    full.run()
    late = full.first.user("late")

    told = full.run()

    assert told["tables"]["users"]["taken"] == 1
    assert told["rows"]["users", late]["outcome"] == "taken"


def test_a_row_of_another_database_is_not_taken_for_one_that_is_here(full: Migration) -> None:
    full.run()
    full.first.execute(
        "UPDATE users SET created_at = '2024-01-01', username = 'somebody_else' WHERE username = 'ada'"
    )

    row = next(row for row in full.run()["rows"].values() if "another_row" in codes(row).values())

    assert row["outcome"] == "refused"


def test_whoever_had_himself_erased_does_not_come_back(full: Migration) -> None:
    full.run()
    full.change(
        "UPDATE users SET status = 'erased', player_id = NULL, username = 'deleted_' || id, bio = NULL"
    )
    full.change("DELETE FROM user_accounts")
    full.change("DELETE FROM user_credentials")

    told = full.run("--send-resets")

    assert (told["links"], told["resets"]) == (0, 0)
    assert told["tables"]["users"]["taken"] == 0


def test_the_report_can_be_a_sheet_and_is_its_owners_alone(full: Migration, tmp_path: Path) -> None:
    full.first.user("=1+1")
    sheet = tmp_path / "rows.csv"

    said = full.program("import-legacy", "--from", full.first.dsn, "--report", str(sheet), "--dry-run")

    with sheet.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert said.code == 3
    assert {line["table"] for line in lines} >= {"users", "wager_races", "sync_logs"}
    assert not any(cell.startswith("=") for line in lines for cell in line.values())
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.glob("rows*")] == ["rows.csv"]


def test_people_read_sentences(full: Migration) -> None:
    full.first.execute("CREATE TABLE wheel_spins (id serial)")

    said = full.program("import-legacy", "--from", full.first.dsn, "--dry-run")

    assert said.code == 3
    assert "users 4 read: 1 taken, 1 mended, 1 refused, 1 left, 0 there already" in said.out
    assert "is no bcrypt hash" in said.out
    assert "wheel_spins" in said.out
    assert "Nothing was written" in said.out


def test_all_is_well_without_a_refusal(migration: Migration) -> None:
    migration.first.user("ada")

    assert migration.program("import-legacy", LEGACY_DATABASE_URL=migration.first.dsn).code == 0
    assert migration.fetch("SELECT username FROM users") == [("ada",)]


@pytest.mark.parametrize(
    ("flags", "field"),
    [
        (("--from", "mysql://somewhere/else"), "from"),
        (("--timezone", "Mars"), "timezone"),
        (("--as", "\n"), "as"),
        (("--report", "/nowhere/at/all.csv"), "report"),
    ],
)
def test_a_flag_that_cannot_be_is_named(migration: Migration, flags: tuple[str, ...], field: str) -> None:
    said = migration.program("import-legacy", "--json", "--from", migration.first.dsn, *flags)

    assert said.code == 1
    assert [error["field"] for error in said.json()["errors"]] == [field]


def test_a_database_of_something_else_is_left_alone(migration: Migration) -> None:
    ours = migration.program("import-legacy", "--json", "--from", migration.dsn)
    migration.first.execute("ALTER TABLE users ALTER total_wager TYPE numeric USING 0; DROP TABLE sync_logs")
    changed = migration.program("import-legacy", "--json", "--from", migration.first.dsn)

    assert ours.code == changed.code == 1
    assert ours.json()["code"] == changed.json()["code"] == "not_the_first_system"
    assert "users.email is missing" in ours.json()["error"]
    assert "there is no table sync_logs" in changed.json()["error"]
    assert "users.total_wager is numeric instead of text" in changed.json()["error"]


@pytest.fixture
def unreadable(migration: Migration) -> Iterator[Migration]:
    with psycopg.connect(migration.first.dsn, autocommit=True) as connection:
        connection.execute("REVOKE ALL ON users FROM CURRENT_USER")
    yield migration
    with psycopg.connect(migration.first.dsn, autocommit=True) as connection:
        connection.execute("GRANT ALL ON users TO CURRENT_USER")


def test_a_database_that_cannot_be_read_is_a_sentence(unreadable: Migration) -> None:
    gone = unreadable.program("import-legacy", "--json", "--from", "postgresql://me:hush@127.0.0.1:1/x")
    closed = unreadable.program("import-legacy", "--json", "--from", unreadable.first.dsn)

    assert gone.json()["code"] == closed.json()["code"] == "source_unreadable"
    assert "hush" not in gone.out
    assert "permission denied" in closed.json()["error"]


def test_one_import_at_a_time(migration: Migration) -> None:
    with psycopg.connect(migration.dsn) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(73405)")
        said = migration.program("import-legacy", "--json", "--from", migration.first.dsn)

    assert said.json()["code"] == "import_runs"


@contextmanager
def importing(migration: Migration, meanwhile: str) -> Iterator["Future[Said]"]:
    """Import while somebody else has done something and not committed it; he commits once we wait for him."""
    with psycopg.connect(migration.dsn) as other, ThreadPoolExecutor(1) as thread:
        other.execute("SELECT set_config('goatedvips.role', 'system', true)")
        other.execute(meanwhile.encode())
        flags = ("import-legacy", "--json", "--from", migration.first.dsn)
        said = thread.submit(migration.program.process, *flags)
        until(lambda: bool(migration.fetch(WAITING)))
        other.commit()
        yield said


def test_who_registers_a_name_meanwhile_has_it(migration: Migration) -> None:
    number = migration.first.user("ada")

    with importing(
        migration, "INSERT INTO users (username, username_skeleton) VALUES ('ADA', 'ada')"
    ) as imported:
        assert imported.result().code == 0

    assert migration.fetch("SELECT username FROM users ORDER BY id") == [("ADA",), (f"ada_{number}",)]


def test_an_address_that_somebody_verifies_meanwhile_stops_the_import(migration: Migration) -> None:
    here = add_person(migration.dsn, "here", verified=False)
    migration.first.user("ada", email="here@example.com", email_verified=True)

    with importing(
        migration, f"UPDATE user_accounts SET email_verified = true WHERE user_id = {here.id}"
    ) as imported:
        assert imported.result().json()["code"] == "changed_meanwhile"

    assert migration.fetch("SELECT username FROM users") == [("here",)]
    assert codes(migration.run()["rows"]["users", 1]) == {"email": "address_taken"}


def test_what_was_taken_is_append_only(full: Migration) -> None:
    full.run()

    for table in ("legacy_rows", "legacy_races", "legacy_race_participants"):
        assert not full.may(f"DELETE FROM {table}")
        assert not full.may(f"UPDATE {table} SET taken_at = now()")
