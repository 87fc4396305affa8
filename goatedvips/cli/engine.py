"""What a command that changes or reads the database runs in."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.cli.resources import migrated_database, settings_of
from goatedvips.kit.postgres import create_engine

Answer = TypeVar("Answer")


def with_engine(
    verb: Callable[[AsyncEngine], Awaitable[Answer]],
    home: Path | None,
    database_url: str | None,
    *,
    name: str = "goatedvips race",
) -> Answer:
    """Do something with the database of these flags; return what it gives."""
    settings = settings_of(goatedvips_home=home, database_url=database_url)

    async def run(dsn: str) -> Answer:
        engine = create_engine(dsn, application_name=name, acting="system")
        try:
            return await verb(engine)
        finally:
            await engine.dispose()

    with migrated_database(settings) as dsn:
        return asyncio.run(run(dsn))
