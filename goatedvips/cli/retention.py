"""`goatedvips retention`: what is kept how long, and letting go what is due."""

import asyncio
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from goatedvips.cli.actor import As, actor
from goatedvips.cli.output import Json, console, print_json, say
from goatedvips.cli.resources import DatabaseUrl, Home, migrated_database, settings_of
from goatedvips.kit.clock import utc_now
from goatedvips.kit.instants import rfc3339
from goatedvips.kit.postgres import create_engine
from goatedvips.retention.rules import rules
from goatedvips.retention.service import Gone, Retention
from goatedvips.settings import Settings

_DAY = timedelta(days=1)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(retention)


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go; let nothing go.")] = False,
    who: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Let go what is kept no longer, as a worker does every hour; show what is kept how long."""
    settings = settings_of(goatedvips_home=home, database_url=database_url)
    acting = actor(who)
    with migrated_database(settings) as dsn:
        found = asyncio.run(_run(settings, dsn, acting, dry_run=dry_run))
    if as_json:
        print_json({"dryRun": dry_run, "rules": [_as_json(gone) for gone in found]})
        return
    _tell(found, dry_run=dry_run)


async def _run(settings: Settings, dsn: str, acting: str, *, dry_run: bool) -> list[Gone]:
    engine = create_engine(dsn, application_name="goatedvips retention", acting="system")
    try:
        kept = Retention(engine, utc_now, rules(timedelta(days=settings.goatedvips_report_days)))
        return await kept.look() if dry_run else await kept.tidy(actor=acting)
    finally:
        await engine.dispose()


def _as_json(gone: Gone) -> dict[str, Any]:
    return {
        "table": gone.rule.table,
        "keptDays": gone.rule.age / _DAY,
        "after": gone.rule.after,
        "before": rfc3339(gone.before),
        "count": gone.count,
        "unit": gone.unit,
        "putOff": gone.is_put_off,
    }


def _tell(found: list[Gone], *, dry_run: bool) -> None:
    table = Table("what", "kept", "after", "would go" if dry_run else "gone")
    for gone in found:
        days = gone.rule.age / _DAY
        kept = f"{days:g} {'day' if days == 1 else 'days'}"
        table.add_row(Text(gone.rule.table), kept, Text(gone.rule.after), f"{gone.count:,} {gone.unit}")
    console.print(table)
    say("Race data, readings, runs, the ledger and the audit log are kept; accounts until they are deleted.")
    for gone in found:
        if gone.is_put_off:
            say(f"{gone.rule.table} is in use; the rest of it goes when this is done again.", label="!")
