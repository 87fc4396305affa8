"""A real PostgreSQL for the session, a migrated database for every test that asks for one."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

from goatedvips.kit.database_roles import APP, READER
from goatedvips.kit.embedded_postgres import embedded_postgres
from goatedvips.kit.embedded_postgres.folder import Folder
from goatedvips.kit.embedded_postgres.server import superuser
from goatedvips.kit.migrations import migrate
from tests.databases import create, database, own_name

_NUMBERS = count(1)

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for the whole session: the processes of a parallel run share its home."""
    base = tmp_path_factory.getbasetemp()
    home = base.parent / "cluster" if "PYTEST_XDIST_WORKER" in os.environ else base / "cluster"
    with embedded_postgres(home) as server:
        # Nothing here has to survive a power cut.
        with superuser(Folder((home / "postgres").resolve())) as boss:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                boss.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            boss.execute("SELECT pg_reload_conf()")
        with psycopg.connect(server.dsn, autocommit=True) as connection:
            # One after the other: two that change a role at once get in each other's way.
            connection.execute("SELECT pg_advisory_lock(1)")
            for role in (APP, READER):
                connection.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                        sql.Identifier(role), sql.Literal(connection.info.password)
                    )
                )
        yield server.dsn


@pytest.fixture(scope="session")
def template(cluster: str) -> str:
    """The name of a migrated database that this process copies."""
    name = own_name("template")
    migrate(create(cluster, name))
    return name


@pytest.fixture
def dsn(cluster: str, template: str) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    with database(f"test_{next(_NUMBERS)}", cluster, template) as dsn:
        yield dsn


@pytest.fixture
def empty_dsn(cluster: str) -> Iterator[str]:
    """The address of a database without a schema."""
    with database(f"empty_{next(_NUMBERS)}", cluster) as dsn:
        yield dsn


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder that nobody else uses."""
    return tmp_path / "home"
