"""`goatedvips status`: the newest runs and the races that go on."""

import asyncio
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.cli.output import Json, console, print_json, say
from goatedvips.cli.resources import DatabaseUrl, Home, migrated_database, settings_of
from goatedvips.kit.clock import utc_now
from goatedvips.kit.instants import rfc3339
from goatedvips.kit.postgres import create_engine
from goatedvips.races.encoding import summary
from goatedvips.races.payouts.schemas import AwardListQuery
from goatedvips.races.payouts.service import listed
from goatedvips.races.repository import Races
from goatedvips.sync.repository import Runs

_OWED = ("pending", "approved")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(status)


def status(
    as_json: Json = False,
    runs: Annotated[int, typer.Option(min=1, max=1000, help="How many runs to show.")] = 10,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Show the newest runs, the races that go on, and what is owed."""
    settings = settings_of(goatedvips_home=home, database_url=database_url)
    with migrated_database(settings) as dsn:
        found = asyncio.run(_look(dsn, runs))
    if as_json:
        print_json(found)
        return
    table = Table("run", "began", "status", "rows", "created", "updated", "skipped", "what happened")
    for run in found["runs"]:
        marks = "; ".join(mark["code"] for mark in run["marks"])
        table.add_row(
            str(run["runId"]),
            run["startTime"],
            run["status"],
            *(
                f"{run[name]:,}"
                for name in ("recordsProcessed", "recordsCreated", "recordsUpdated", "recordsSkipped")
            ),
            Text(run["error"] or marks),
        )
    console.print(table)
    for race in found["races"]:
        say(f"{race['name']}: {race['phase']}, {race['prizePool']} dollars, until {race['endDate']}")
    for total in found["awards"]:
        if total["awards"] and total["status"] in _OWED:
            say(f"{total['awards']} awards of {total['amount']} dollars are {total['status']}")


async def _look(dsn: str, runs: int) -> dict[str, Any]:
    engine = create_engine(dsn, acting="system")
    try:
        async with engine.connect() as connection:
            return {
                "runs": await _runs(connection, runs),
                "races": await _races(connection),
                "awards": await _awards(connection),
            }
    finally:
        await engine.dispose()


async def _runs(connection: AsyncConnection, limit: int) -> list[dict[str, Any]]:
    return [
        {
            "runId": run["id"],
            "type": run["sync_type"],
            "startTime": rfc3339(run["start_time"]),
            "endTime": rfc3339(run["end_time"]) if run["end_time"] else None,
            "asOf": rfc3339(run["as_of"]) if run["as_of"] else None,
            "status": run["status"],
            "recordsProcessed": run["records_processed"],
            "recordsCreated": run["records_created"],
            "recordsUpdated": run["records_updated"],
            "recordsSkipped": run["records_skipped"],
            "marks": run["metadata"].get("marks", []),
            "steps": run["metadata"].get("steps", {}),
            "error": run["error"],
        }
        for run in await Runs(connection).recent(limit)
    ]


async def _awards(connection: AsyncConnection) -> list[dict[str, Any]]:
    everything = await listed(connection, AwardListQuery(limit=1))
    return [total.model_dump(mode="json", by_alias=True) for total in everything.totals]


async def _races(connection: AsyncConnection) -> list[dict[str, Any]]:
    return [summary(dict(race), utc_now()) for race in await Races(connection).running()]
