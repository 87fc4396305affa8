"""Bringing the schema to where the code expects it."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from goatedvips.kit.errors import GoatedError, NotReady
from goatedvips.kit.postgres import sqlalchemy_url
from goatedvips.migrations.grants import grant

_LOCK = 0x60A7ED
"""Names the advisory lock under which one process migrates while the others wait."""


_IS_OURS = text("""
    SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('alembic_version')
""")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "goatedvips:migrations")
    return config


def migrate(dsn: str) -> tuple[str | None, str]:
    """Apply what is missing, as the owner, in one transaction; return the revision before and after.

    What the other roles may do is granted in it too. Whoever is not the owner finds the schema as it is.
    Raises `NotReady` if the database does not answer, `NewerSchema` if it is of a later version.
    """
    try:
        return _migrate(dsn)
    except OperationalError as error:
        raise NotReady(f"The database cannot be used: {str(error.orig).strip()}") from None
    except CommandError as error:
        raise NewerSchema(str(error)) from None


class OlderSchema(GoatedError):
    """The schema is behind, and this role may not bring it up to date."""

    code = "older_schema"

    def __init__(self, held: str, expected: str) -> None:
        super().__init__(
            f"The database has schema {held}, not {expected}, and this role does not own it:"
            " run `goatedvips migrate` with OWNER_DATABASE_URL."
        )


class NewerSchema(GoatedError):
    """A later version of this program has been here."""

    code = "newer_schema"

    def __init__(self, what: str) -> None:
        super().__init__(f"The database is of a later version of this program ({what}); install that one.")


def _migrate(dsn: str) -> tuple[str | None, str]:
    engine = create_engine(sqlalchemy_url(dsn), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        before = MigrationContext.configure(connection).get_current_revision()
        config = _config()
        if before is not None and not connection.scalar(_IS_OURS):
            expected = ScriptDirectory.from_config(config).get_current_head()
            if before != expected:
                raise OlderSchema(before, str(expected))
            return before, before
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        grant(connection)
        after = MigrationContext.configure(connection).get_current_revision()
    assert after is not None  # noqa: S101 - an upgrade to head leaves a revision
    return before, after


def revisions(dsn: str) -> tuple[str | None, str | None]:
    """Return the revision the database is at and the one that the code expects."""
    engine = create_engine(sqlalchemy_url(dsn), poolclass=NullPool)
    with engine.connect() as connection:
        held = MigrationContext.configure(connection).get_current_revision()
    return held, ScriptDirectory.from_config(_config()).get_current_head()
