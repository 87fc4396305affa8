"""What each role of the database may do, tried as that role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import sql

from goatedvips.kit.migrations import migrate
from goatedvips.migrations.grants import FOR_APP, HIDDEN_FROM_READER, SHOWN_TO_READER
from goatedvips.models import Base
from tests.people import Person, add_person
from tests.roles import app_dsn, reader_dsn

Denied = psycopg.errors.InsufficientPrivilege

OWNED = (
    *("api_keys", "api_request_logs", "idempotency_keys", "link_requests", "race_awards", "recovery_codes"),
    *("self_exclusions", "user_accounts", "user_credentials", "user_devices", "user_names"),
    *("user_sessions", "user_tokens"),
)
"""Tables of which every row belongs to a user by its `user_id`."""
NOBODYS = ("recovery_codes", "user_credentials", "user_tokens")
"""Of these, not even one's own rows are one's own to read: only the program's."""

ROWS = {
    "api_keys": "(user_id, name, hint, token_sha256, scopes, created_at)"
    " VALUES (%s, 'x', 'x', {sha}, '{{}}', now())",
    "api_request_logs": "(user_id, at, request_id, method, path, status, milliseconds)"
    " VALUES (%s, now(), 'x', 'GET', '/', 200, 1)",
    "idempotency_keys": "(user_id, key, request_sha256, created_at) VALUES (%s, 'x', {sha}, now())",
    "link_requests": "(user_id, player_id, created_at) VALUES (%s, {player}, now())",
    "race_awards": "(user_id, race_id, version, player_id, position, amount, created_at)"
    " VALUES (%s, {race}, {award}, {player}, 1, 1, now())",
    "recovery_codes": "(user_id, code_sha256, created_at) VALUES (%s, {sha}, now())",
    "self_exclusions": "(user_id, created_at) VALUES (%s, now())",
    "user_devices": "(user_id, token_sha256, last_used_at) VALUES (%s, {sha}, now())",
    "user_names": "(user_id, changed_at, username) VALUES (%s, now(), 'before')",
    "user_sessions": "(user_id, token_sha256, created_at, authenticated_at, last_seen_at, expires_at)"
    " VALUES (%s, {sha}, now(), now(), now(), now() + interval '1 day')",
    "user_tokens": "(sha256, user_id, purpose, email, created_at, expires_at)"
    " VALUES ({sha}, %s, 'verify_email', 'x', now(), now())",
}


@dataclass(frozen=True)
class People:
    """Two users, each with a row in every table that belongs to users."""

    dsn: str
    ada: Person
    bob: Person


@pytest.fixture
def people(dsn: str) -> People:
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("SELECT make_room('api_request_logs', CURRENT_DATE)")
        owner.execute("INSERT INTO sync_logs (sync_type, target_entity, start_time) VALUES ('x', 'x', now())")
        owner.execute("INSERT INTO players (goated_id, goated_username, first_run_id) VALUES ('a', 'a', 1)")
        owner.execute(
            "INSERT INTO wager_races (name, type, start_date, end_date, prize_pool, prizes)"
            " VALUES ('x', 'special', now(), now() + interval '1 hour', 0, '[]')"
        )
    made = People(dsn, add_person(dsn, "ada_one"), add_person(dsn, "bob_two"))
    with psycopg.connect(dsn, autocommit=True) as owner:
        for number, person in enumerate((made.ada, made.bob), start=1):
            for table, columns in ROWS.items():
                filled = columns.format(
                    sha=f"sha256('{table}{number}')",
                    player="(SELECT id FROM players)",
                    race="(SELECT id FROM wager_races)",
                    award=number,
                )
                owner.execute(f"INSERT INTO {table} {filled}", [person.id])
    return made


@contextmanager
def app(
    people: People, role: str | None = None, person: Person | None = None
) -> Iterator[psycopg.Connection]:
    """A transaction of the role that serves, on behalf of somebody or of nobody."""
    with psycopg.connect(app_dsn(people.dsn)) as connection:
        if role is not None:
            connection.execute(
                "SELECT set_config('goatedvips.role', %s, true), set_config('goatedvips.user_id', %s, true)",
                [role, "" if person is None else str(person.id)],
            )
        yield connection
        connection.rollback()


def owners(connection: psycopg.Connection, table: str) -> set[int]:
    """Whose rows of a table can be seen."""
    statement = sql.SQL("SELECT user_id FROM {} WHERE user_id IS NOT NULL").format(sql.Identifier(table))
    return {row[0] for row in connection.execute(statement)}


def test_every_table_is_granted_or_kept_back_by_name(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        there = {
            name
            for (name,) in connection.execute(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
                " AND relnamespace = 'public'::regnamespace"
            )
        }

    assert there == set(FOR_APP)
    assert set(Base.metadata.tables) | {"alembic_version"} == set(FOR_APP)
    assert set(SHOWN_TO_READER) | HIDDEN_FROM_READER <= set(FOR_APP)


def test_every_table_that_names_a_user_is_guarded_even_from_its_owner(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        unguarded = connection.execute(
            "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
            " WHERE relkind IN ('r', 'p') AND NOT relispartition AND attname = 'user_id'"
            " AND relnamespace = 'public'::regnamespace"
            " AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname"
        ).fetchall()

    # A result shows who won it, to everybody.
    assert unguarded == [("race_standings",)]


def test_no_view_leaks_past_row_security(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        views = connection.execute(
            "SELECT relname, reloptions FROM pg_class"
            " WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace"
        ).fetchall()

    assert views
    assert all("security_invoker=true" in (options or []) for _, options in views)


@pytest.mark.parametrize("table", OWNED)
def test_who_acts_for_nobody_sees_nothing_of_anybody(people: People, table: str) -> None:
    with app(people) as connection:
        assert owners(connection, table) == set()


@pytest.mark.parametrize("table", OWNED)
def test_everybody_sees_his_own_and_no_others(people: People, table: str) -> None:
    with app(people, "user", people.ada) as connection:
        # An award is also its player's, who is nobody's here.
        assert owners(connection, table) == (set() if table in NOBODYS else {people.ada.id})


@pytest.mark.parametrize("table", OWNED)
def test_the_program_itself_sees_all(people: People, table: str) -> None:
    with app(people, "system") as connection:
        assert owners(connection, table) == {people.ada.id, people.bob.id}


@pytest.mark.parametrize("table", OWNED)
@pytest.mark.parametrize("role", ["support", "admin"])
def test_staff_see_what_they_need_and_never_what_proves_who_somebody_is(
    people: People, role: str, table: str
) -> None:
    support = {"link_requests", "race_awards", "self_exclusions", "user_accounts"}
    admin = support | {"api_keys", "api_request_logs", "user_names", "user_sessions"}
    own = set() if table in NOBODYS else {people.ada.id}
    with app(people, role, people.ada) as connection:
        everybody = table in (admin if role == "admin" else support)
        assert owners(connection, table) == ({people.ada.id, people.bob.id} if everybody else own)


@pytest.mark.parametrize("table", sorted(set(OWNED) - {"api_request_logs", "race_awards", "link_requests"}))
def test_nobody_writes_or_deletes_for_another(people: People, table: str) -> None:
    if "DELETE" in FOR_APP[table]:
        with app(people, "user", people.ada) as connection:
            gone = connection.execute(f"DELETE FROM {table} WHERE user_id = %s", [people.bob.id]).rowcount
            assert gone == 0
    if table in ROWS:
        filled = ROWS[table].format(sha="sha256('another')", player="0", race="0", award="0")
        with app(people, "user", people.ada) as connection, pytest.raises(Denied, match="row-level security"):
            connection.execute(f"INSERT INTO {table} {filled}", [people.bob.id])


def test_a_face_is_everybodys_to_see_and_its_owners_to_change(people: People) -> None:
    change = "UPDATE users SET bio = 'x' WHERE id = %s"
    with app(people) as connection:
        assert len(connection.execute("SELECT username FROM users").fetchall()) == 2
        assert connection.execute(change, [people.ada.id]).rowcount == 0
    with app(people, "user", people.ada) as connection:
        assert connection.execute(change, [people.ada.id]).rowcount == 1
        assert connection.execute(change, [people.bob.id]).rowcount == 0


def test_who_is_banned_or_erased_has_no_face(people: People) -> None:
    with psycopg.connect(people.dsn, autocommit=True) as owner:
        owner.execute("UPDATE users SET status = 'banned' WHERE id = %s", [people.bob.id])
    with app(people) as connection:
        assert [row[0] for row in connection.execute("SELECT id FROM users")] == [people.ada.id]


def test_what_one_transaction_was_told_is_forgotten_with_it(people: People) -> None:
    with psycopg.connect(app_dsn(people.dsn)) as connection:
        connection.execute("SELECT set_config('goatedvips.role', 'system', true)")
        assert owners(connection, "user_sessions") != set()
        connection.commit()
        assert owners(connection, "user_sessions") == set()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_transfers SET amount = 1",
        "DELETE FROM ledger_transfers",
        "DELETE FROM audit_log",
        "UPDATE audit_log SET actor = 'x'",
        "TRUNCATE audit_log",
        "UPDATE race_proofs SET sha256 = ''",
        "DELETE FROM wager_readings",
        "UPDATE wager_readings SET all_time = 0",
        "DELETE FROM race_standings",
        "DELETE FROM race_awards",
        "DELETE FROM users",
        "DELETE FROM players",
        "UPDATE tier_changes SET tier = 6",
        "UPDATE self_exclusions SET until = now()",
        "DELETE FROM quarantine_reviews",
        "UPDATE api_request_logs SET status = 200",
        "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
        "DROP POLICY acting ON users",
        "CREATE TABLE mine (id int)",
        "DROP TABLE users",
        "SET ROLE goatedvips",
        "CREATE ROLE another",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_the_role_that_serves_cannot(people: People, statement: str) -> None:
    with app(people, "system") as connection, pytest.raises(Denied):
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT make_room('users', CURRENT_DATE)", "has no partitions"),
        ("SELECT make_room('users; DROP TABLE users', CURRENT_DATE)", "has no partitions"),
        ("SELECT drop_room('wager_readings', CURRENT_DATE)", "nothing of wager_readings is ever dropped"),
        ("SELECT drop_room('audit_log', CURRENT_DATE)", "nothing of audit_log is ever dropped"),
    ],
)
def test_what_the_owner_does_for_it_is_only_what_was_meant(people: People, statement: str, said: str) -> None:
    with app(people, "system") as connection, pytest.raises(psycopg.Error, match=said):
        connection.execute(statement)


@pytest.mark.parametrize("table", sorted(HIDDEN_FROM_READER))
def test_the_reader_sees_no_secrets(people: People, table: str) -> None:
    with psycopg.connect(reader_dsn(people.dsn)) as connection, pytest.raises(Denied):
        connection.execute(f"SELECT * FROM {table}")


@pytest.mark.parametrize("columns", ["email", "ban_reason", "*"])
def test_the_reader_sees_no_addresses(people: People, columns: str) -> None:
    with psycopg.connect(reader_dsn(people.dsn)) as connection, pytest.raises(Denied):
        connection.execute(f"SELECT {columns} FROM user_accounts")


def test_the_reader_counts_everybody_all_the_same(people: People) -> None:
    with psycopg.connect(reader_dsn(people.dsn)) as connection:

        def count(query: str) -> Any:  # noqa: ANN401 - one number
            row = connection.execute(query).fetchone()
            return row and row[0]

        assert count("SELECT count(*) FROM users") == 2
        assert count("SELECT count(*) FROM user_accounts WHERE email_verified") == 2
        assert count("SELECT count(method) FROM api_request_logs") == 2
        assert count("SELECT count(*) FROM race_awards") == 2


@pytest.mark.parametrize(
    "statement", ["UPDATE users SET bio = 'x'", "INSERT INTO exclusions DEFAULT VALUES", "DELETE FROM outbox"]
)
def test_the_reader_changes_nothing(people: People, statement: str) -> None:
    with psycopg.connect(reader_dsn(people.dsn)) as connection, pytest.raises(Denied):
        connection.execute(statement)


def test_whoever_is_not_the_owner_finds_the_schema_as_it_is(dsn: str) -> None:
    assert migrate(app_dsn(dsn)) == migrate(dsn)
