from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.kit.postgres import create_engine
from tests.api.conftest import Feed, serving_feed
from tests.roles import app_dsn


@pytest.fixture
async def engine(dsn: str) -> AsyncIterator[AsyncEngine]:
    """The database as the program itself reaches it."""
    engine = create_engine(app_dsn(dsn), acting="system")
    yield engine
    await engine.dispose()


@pytest.fixture
def feed() -> Iterator[Feed]:
    with serving_feed() as feed:
        yield feed
