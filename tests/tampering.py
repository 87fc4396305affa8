"""A forger with every right in the database: no trigger fires for him, and no grant stops him."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from goatedvips.kit.embedded_postgres import embedded_postgres


def cluster_home(factory: pytest.TempPathFactory) -> Path:
    """Return the home of the session's server."""
    base = factory.getbasetemp()
    return base.parent / "cluster" if "PYTEST_XDIST_WORKER" in os.environ else base / "cluster"


@contextmanager
def forging(dsn: str, home: Path) -> Iterator[psycopg.Connection]:
    """Yield a superuser's connection to a database of the server in that home."""
    with embedded_postgres(home) as server:
        address = f"{server.superuser_dsn.rpartition('/')[0]}/{dsn.rpartition('/')[2]}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            yield connection
