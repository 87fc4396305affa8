"""Whoever signs in is found by an index, as the role that serves, however many accounts there are."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.accounts.repository import BY_EMAIL, BY_USERNAME, IS_TAKEN
from goatedvips.kit.postgres import create_engine
from tests.roles import app_dsn


@pytest.fixture
async def serving(dsn: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(app_dsn(dsn), acting="system")
    yield engine
    await engine.dispose()


@pytest.mark.parametrize(
    ("statement", "values", "column"),
    [
        (BY_USERNAME, {"login": "Ann"}, "username_lower"),
        (BY_EMAIL, {"login": "Ann@Example.com"}, "email_lower"),
        (IS_TAKEN, {"username": "Ann", "skeleton": "ann", "but": None}, "username_lower"),
    ],
)
async def test_a_name_is_looked_up_in_an_index(
    serving: AsyncEngine, statement: TextClause, values: dict[str, str | None], column: str
) -> None:
    async with serving.begin() as connection:
        # Row security keeps an index from use if the condition computes something of the row.
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await connection.execute(text(f"EXPLAIN {statement.text}"), values)

    assert f"Index Cond: ({column} = " in "\n".join(line for (line,) in plan)
