"""`goatedvips sync`: take one report over, now."""

import asyncio
import sys

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from goatedvips.cli.output import Json, console, errors, print_json, say
from goatedvips.cli.resources import DatabaseUrl, Home, migrated_database, require_feed, settings_of
from goatedvips.kit.clock import utc_now
from goatedvips.kit.postgres import create_engine
from goatedvips.races.settlement.service import settle_due
from goatedvips.settings import Settings
from goatedvips.sync.outcome import Outcome
from goatedvips.sync.outcome import Progress as Watcher
from goatedvips.worker import prepare, sync_service

EXIT_CODES = {"completed": 0, "failed": 1, "quarantined": 2}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sync)


def sync(as_json: Json = False, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Ask the feed once and apply its report; exits 0 completed, 1 failed, 2 quarantined."""
    settings = settings_of(goatedvips_home=home, database_url=database_url)
    require_feed(settings)
    with migrated_database(settings) as dsn:
        if as_json:
            outcome = asyncio.run(_pull(settings, dsn, None))
            print_json(outcome.as_json())
        else:
            outcome = _with_bar(settings, dsn)
            _tell(outcome)
    sys.exit(EXIT_CODES[outcome.status])


def _with_bar(settings: Settings, dsn: str) -> Outcome:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as bar:
        task = bar.add_task("waiting for our turn", total=None)

        def watch(step: str, *, done: int = 0, total: int | None = None) -> None:
            bar.update(task, description=step, completed=done, total=total)

        return asyncio.run(_pull(settings, dsn, watch))


async def _pull(settings: Settings, dsn: str, watcher: Watcher | None) -> Outcome:
    engine = create_engine(dsn, application_name="goatedvips sync", acting="system")
    try:
        await prepare(settings, engine)
        outcome = await sync_service(settings, engine).pull("manual", wait=True, watcher=watcher)
        assert outcome is not None  # noqa: S101 - who waits for the turn gets it
        # Where no worker runs, a race that ends with this report is settled all the same.
        await settle_due(engine, utc_now)
        return outcome
    finally:
        await engine.dispose()


def _tell(outcome: Outcome) -> None:
    counts = outcome.counts
    color = {"completed": "green", "failed": "red", "quarantined": "yellow"}[outcome.status]
    console.print(
        f"Run {outcome.run_id} [{color}]{outcome.status}[/]: {counts.processed:,} rows,"
        f" {counts.created:,} created, {counts.updated:,} updated, {counts.skipped:,} skipped"
        f" in {sum(outcome.steps.values()):.2f} s.",
        highlight=False,
    )
    if outcome.error:
        say(outcome.error, to=errors)
    for mark in outcome.marks:
        say(f"  · {mark.text}")
