from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from tests.pipeline import Pipeline, pipeline_over
from tests.tampering import cluster_home, forging


@pytest.fixture
async def pipeline(dsn: str) -> AsyncIterator[Pipeline]:
    async with pipeline_over(dsn) as pipeline:
        yield pipeline


@pytest.fixture
def forger(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection]:
    """Somebody with every right in the database, for whom no trigger fires."""
    with forging(dsn, cluster_home(tmp_path_factory)) as connection:
        yield connection
