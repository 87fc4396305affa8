from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.kit.postgres import create_engine
from tests.tampering import cluster_home, forging


@pytest.fixture
async def engine(dsn: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(dsn)
    yield engine
    await engine.dispose()


@pytest.fixture
def forger(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection]:
    """Somebody with every right in the database, for whom no trigger fires."""
    with forging(dsn, cluster_home(tmp_path_factory)) as connection:
        yield connection
