"""The first system's database, with the schema that the seed writes out. Nothing in it is ever changed."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any, TypeVar

from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.kit.postgres import first_words
from goatedvips.legacy.errors import NotTheFirstSystem, SourceUnreadable
from goatedvips.legacy.rules.races import LegacyParticipant, LegacyRace
from goatedvips.legacy.rules.users import LegacyUser

_NUMBER, _TEXT, _FLAG = "integer", "text", "boolean"
_TIME, _AMOUNT, _JSON = "timestamp without time zone", "numeric", "jsonb"
_LOG = {
    "id": _NUMBER,
    "records_processed": _NUMBER,
    "records_created": _NUMBER,
    "records_updated": _NUMBER,
    "records_skipped": _NUMBER,
    "start_time": _TIME,
    "end_time": _TIME,
    "status": _TEXT,
    "error": _TEXT,
    "metadata": _JSON,
}
SCHEMA: Mapping[str, Mapping[str, str]] = {
    "users": {
        "id": _NUMBER,
        "username": _TEXT,
        "email": _TEXT,
        "password": _TEXT,
        "bio": _TEXT,
        "profile_color": _TEXT,
        "created_at": _TIME,
        "last_login": _TIME,
        "is_admin": _FLAG,
        "email_verified": _FLAG,
        "verification_token": _TEXT,
        "goated_id": _TEXT,
        "goated_username": _TEXT,
        "goated_account_linked": _FLAG,
        "total_wager": _TEXT,
        "daily_wager": _TEXT,
        "weekly_wager": _TEXT,
        "monthly_wager": _TEXT,
        "last_wager_sync": _TIME,
        "last_updated": _TIME,
    },
    "wager_races": {
        "id": _NUMBER,
        "name": _TEXT,
        "type": _TEXT,
        "start_date": _TIME,
        "end_date": _TIME,
        "status": _TEXT,
        "prize_pool": _AMOUNT,
        "created_at": _TIME,
        "updated_at": _TIME,
        "metadata": _JSON,
    },
    "wager_race_participants": {
        "id": _NUMBER,
        "race_id": _NUMBER,
        "user_id": _NUMBER,
        "goated_id": _TEXT,
        "wagered": _AMOUNT,
        "position": _NUMBER,
        "prize": _AMOUNT,
        "joined_at": _TIME,
        "last_updated": _TIME,
    },
    "transformation_logs": _LOG | {"transformation_type": _TEXT, "source_type": _TEXT},
    "sync_logs": _LOG | {"sync_type": _TEXT, "target_entity": _TEXT},
}
"""Every table that the seed writes out, in the order in which they are taken over."""

AT_ONCE = 1_000
"""Rows in memory."""

# Times as text in one style, since PostgreSQL has some that Python has not. The rest is what reading takes.
PREPARE = (
    text("SET LOCAL datestyle = 'ISO'"),
    text("SET LOCAL idle_in_transaction_session_timeout = 0"),
    text("SET LOCAL statement_timeout = 0"),
)

COLUMNS = text("""
    SELECT table_name, column_name, data_type FROM information_schema.columns
     WHERE table_schema = current_schema()
""")

# A password in clear text is not even read: what is no bcrypt hash by its look stays where it is.
# An address belongs to the row that verified it, else to the oldest that has it.
USERS = text(r"""
    SELECT id, username, email, email_verified IS TRUE AS email_verified,
           email IS NOT NULL AND row_number() OVER (PARTITION BY lower(btrim(email))
                                                    ORDER BY email_verified IS TRUE DESC, id) = 1
               AS owns_email,
           coalesce(password, '') <> '' AS has_password,
           CASE WHEN password ~ '^\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}$' THEN password END AS bcrypt,
           bio, profile_color, created_at::text AS created_at, last_login::text AS last_login,
           last_updated::text AS last_updated, is_admin IS TRUE AS is_admin, goated_id,
           goated_account_linked IS TRUE AS goated_account_linked,
           total_wager, daily_wager, weekly_wager, monthly_wager
      FROM users ORDER BY id
""")
RACES = text("""
    SELECT id, name, type, start_date::text AS start_date, end_date::text AS end_date, status,
           prize_pool::text AS prize_pool
      FROM wager_races ORDER BY id
""")
PARTICIPANTS = text("""
    SELECT entrant.id, entrant.race_id, coalesce(entrant.goated_id, person.goated_id) AS goated_id,
           entrant.wagered::text AS wagered, entrant.position, entrant.prize::text AS prize
      FROM wager_race_participants AS entrant LEFT JOIN users AS person ON person.id = entrant.user_id
     ORDER BY entrant.id
""")

Row = TypeVar("Row")


class FirstSystem:
    """Reads one moment of the first system's database, a thousand rows at a time."""

    def __init__(self, connection: AsyncConnection, tables: frozenset[str]) -> None:
        self._connection = connection
        self.others = sorted(tables - SCHEMA.keys())
        """Tables of which nothing is known."""

    async def count(self, table: str) -> int:
        """Return how many rows one of the known tables has."""
        assert table in SCHEMA  # noqa: S101 - it becomes part of the statement
        with _reading():
            return int(await self._connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)

    def users(self) -> AsyncIterator[list[LegacyUser]]:
        """Yield all users in the order of their numbers."""
        return self._rows(USERS, LegacyUser)

    def races(self) -> AsyncIterator[list[LegacyRace]]:
        """Yield all races in the order of their numbers."""
        return self._rows(RACES, LegacyRace)

    def participants(self) -> AsyncIterator[list[LegacyParticipant]]:
        """Yield all participants in the order of their numbers."""
        return self._rows(PARTICIPANTS, LegacyParticipant)

    async def numbers(self, table: str) -> AsyncIterator[list[int]]:
        """Yield the numbers of a known table's rows."""
        assert table in SCHEMA  # noqa: S101 - it becomes part of the statement
        async for found in self._chunks(text(f"SELECT id FROM {table} ORDER BY id")):
            yield [row["id"] for row in found]

    async def _rows(self, statement: TextClause, kind: type[Row]) -> AsyncIterator[list[Row]]:
        async for found in self._chunks(statement):
            yield [kind(**row) for row in found]

    async def _chunks(self, statement: TextClause) -> AsyncIterator[list[Mapping[str, Any]]]:
        with _reading():
            result = await self._connection.stream(statement)
        chunks = result.mappings().partitions(AT_ONCE)
        while True:
            with _reading():
                chunk = await anext(chunks, None)
            if chunk is None:
                return
            yield [dict(row) for row in chunk]


@asynccontextmanager
async def first_system(engine: AsyncEngine) -> AsyncIterator[FirstSystem]:
    """Open the database for reading; raise `SourceUnreadable`, or `NotTheFirstSystem` naming what differs."""
    async with AsyncExitStack() as opened:
        with _reading():
            connection = await opened.enter_async_context(engine.connect())
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            for statement in PREPARE:
                await connection.execute(statement)
            columns = (await connection.execute(COLUMNS)).all()
        found: dict[str, dict[str, str]] = {}
        for table, column, data_type in columns:
            found.setdefault(table, {})[column] = data_type
        if differences := _differences(found):
            raise NotTheFirstSystem(differences)
        yield FirstSystem(connection, frozenset(found))


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise SourceUnreadable(first_words(error)) from None


def _differences(found: Mapping[str, Mapping[str, str]]) -> list[str]:
    differences = [f"there is no table {table}" for table in SCHEMA if table not in found]
    for table, columns in SCHEMA.items():
        for column, data_type in columns.items():
            held = found.get(table, {}).get(column)
            if table in found and held != data_type:
                differences.append(f"{table}.{column} is {held or 'missing'} instead of {data_type}")
    return differences
