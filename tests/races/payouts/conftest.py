from collections.abc import AsyncIterator

import pytest

from tests.pipeline import Pipeline, pipeline_over


@pytest.fixture
async def pipeline(dsn: str) -> AsyncIterator[Pipeline]:
    async with pipeline_over(dsn) as pipeline:
        yield pipeline
