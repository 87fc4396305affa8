"""The database as each of its roles reaches it; in tests all of them have one password."""

import psycopg
from psycopg import sql

from goatedvips.kit.database_roles import APP, OWNER, READER


def let_in(connection: psycopg.Connection) -> None:
    """Let every role of a server sign in with the owner's password."""
    for role in (APP, READER):
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(connection.info.password)
            )
        )


def _acting_as(role: str, dsn: str) -> str:
    return dsn.replace(f"//{OWNER}:", f"//{role}:", 1)


def app_dsn(dsn: str) -> str:
    """Return the address for the role that serves."""
    return _acting_as(APP, dsn)


def reader_dsn(dsn: str) -> str:
    """Return the address for the role that looks."""
    return _acting_as(READER, dsn)
