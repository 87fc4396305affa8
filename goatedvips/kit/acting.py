"""On whose behalf a transaction runs: what PostgreSQL's row security asks (docs/adr/0019).

The settings last for one transaction, so they are safe behind a transaction pooler. A transaction that sets
neither acts for nobody and sees only what everybody may see.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Acting = Literal["system", "admin", "support", "user"]
"""`system` is the program itself: workers, commands, and whatever comes before somebody is signed in."""

_ACT = text("""
    SELECT set_config('goatedvips.role', :role, true), set_config('goatedvips.user_id', :user_id, true)
""")


@asynccontextmanager
async def acting(
    engine: AsyncEngine, role: Acting, user_id: int | None = None
) -> AsyncIterator[AsyncConnection]:
    """Begin a transaction on behalf of somebody; it commits at the end."""
    async with engine.begin() as connection:
        await connection.execute(_ACT, {"role": role, "user_id": "" if user_id is None else str(user_id)})
        yield connection


def act_always(engine: AsyncEngine, role: Acting) -> None:
    """Have every transaction of an engine act in a role."""

    def act(connection: Connection) -> None:
        connection.execute(_ACT, {"role": role, "user_id": ""})

    event.listen(engine.sync_engine, "begin", act)
