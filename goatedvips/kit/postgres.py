"""The way to PostgreSQL: one engine, one transaction per request or job."""

from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import BigInteger, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from goatedvips.kit.acting import Acting, act_always
from goatedvips.kit.errors import BadInput

OLDEST = 15
"""The oldest PostgreSQL that will do: security-invoker views came with 15."""


class Base(DeclarativeBase):
    """The root of all tables; constraint names follow one pattern so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: DateTime(timezone=True),
        int: BigInteger,
        str: Text,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def sqlalchemy_url(dsn: str) -> str:
    """Return a `postgresql://` address as SQLAlchemy wants it; raise `BadInput` for any other."""
    try:
        url = make_url(dsn)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.get_backend_name() not in {"postgres", "postgresql"}:
        raise BadInput.field("DATABASE_URL", "expected postgresql://user:password@host:port/database")
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def libpq_url(dsn: str) -> str:
    """Return the address as psycopg itself wants it, whatever driver it names."""
    return make_url(sqlalchemy_url(dsn)).set(drivername="postgresql").render_as_string(hide_password=False)


def create_engine(
    dsn: str, *, pool_size: int = 5, application_name: str = "goatedvips", acting: Acting | None = None
) -> AsyncEngine:
    """Return an engine that works behind a transaction pooler: it prepares nothing on the server.

    With `acting` every transaction acts in that role; else for nobody, unless it says for whom
    (`goatedvips.kit.acting`).
    """
    engine = create_async_engine(
        sqlalchemy_url(dsn),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        # Errors get logged, and parameters are mail addresses and hashes.
        hide_parameters=True,
        connect_args={
            "prepare_threshold": None,
            "connect_timeout": 10,
            # A server that is gone without a word must not hold a request for minutes.
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 60_000,
            "application_name": application_name,
        },
    )
    if acting is not None:
        act_always(engine, acting)
    return engine


def passes_row_security_by(dsn: str) -> bool:
    """Say whether the role of this address sees every row, whatever the policies say; blocks."""
    with psycopg.connect(libpq_url(dsn), connect_timeout=10) as connection:
        row = connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    return row is not None and bool(row[0])


def first_words(error: DBAPIError) -> str:
    """Return what the database said, in one line: neither the statement nor its values are in it."""
    return str(error.orig).strip().partition("\n")[0].rstrip(".")
