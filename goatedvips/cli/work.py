"""`goatedvips work`: reports and races at their time."""

import asyncio
import signal
from typing import Annotated

import typer

from goatedvips import worker
from goatedvips.cli.resources import DatabaseUrl, Home, migrated_database, require_feed, settings_of
from goatedvips.cli.supervision import follow_supervisor
from goatedvips.kit.postgres import create_engine
from goatedvips.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(work)


def work(
    home: Home = None,
    database_url: DatabaseUrl = None,
    sync_interval: Annotated[
        float | None, typer.Option(help="Seconds between reports [GOATEDVIPS_SYNC_INTERVAL].")
    ] = None,
) -> None:
    """Take reports over at their time, and do what races need when it falls due."""
    settings = settings_of(
        goatedvips_home=home, database_url=database_url, goatedvips_sync_interval=sync_interval
    )
    require_feed(settings)
    follow_supervisor()
    with migrated_database(settings) as dsn:
        asyncio.run(_work(settings, dsn))


async def _work(settings: Settings, dsn: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    engine = create_engine(dsn, acting="system")
    await worker.prepare(settings, engine)
    await engine.dispose()
    await worker.work(settings, dsn, stop)
