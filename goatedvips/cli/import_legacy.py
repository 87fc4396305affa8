"""`goatedvips import-legacy`: take over the database of the first system."""

from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.cli.actor import As, actor
from goatedvips.cli.engine import with_engine
from goatedvips.cli.import_answers import Audience, Nobody, answer, progress_bar, row_report
from goatedvips.cli.output import Json
from goatedvips.cli.resources import DatabaseUrl, Home
from goatedvips.kit.clock import utc_now
from goatedvips.kit.errors import BadInput
from goatedvips.kit.postgres import create_engine, sqlalchemy_url
from goatedvips.legacy.rules.users import Terms
from goatedvips.legacy.service import LegacyImport
from goatedvips.legacy.source_repository import first_system
from goatedvips.legacy.tally import Tally, Watcher
from goatedvips.races.rules.calendar import is_zone

NOT_ALL = 3
"""The exit code if something was refused."""

From = Annotated[
    str,
    typer.Option(
        "--from", envvar="LEGACY_DATABASE_URL", show_envvar=True, help="The first system's DATABASE_URL."
    ),
]
Timezone = Annotated[str, typer.Option(help="IANA zone whose clock the first system wrote down.")]
Admins = Annotated[
    bool, typer.Option("--admins", help="Who was an administrator there is one here, after a reset by mail.")
]
SendResets = Annotated[
    bool, typer.Option("--send-resets", help="Mail everybody whose password could not be kept.")
]
Report = Annotated[
    Path | None,
    typer.Option("--report", help="Write what became of each row: CSV if it ends so, or JSON lines."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="import-legacy")(import_legacy)


def import_legacy(
    source: From,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report everything; write nothing.")] = False,
    timezone: Timezone = "UTC",
    admins: Admins = False,
    send_resets: SendResets = False,
    report: Report = None,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Take over the first system's database; exits 3 if anything was refused."""
    wanted = Wanted(source, dry_run=dry_run, send_resets=send_resets, actor=actor(as_name))
    terms = Terms(utc_now(), _zone(timezone), admins=admins)
    with row_report(report) as rows, nullcontext(Nobody()) if as_json else progress_bar() as bar:
        verb = partial(_take_over, wanted=wanted, terms=terms, watcher=Audience(rows, bar))
        tally = with_engine(verb, home, database_url, name="goatedvips import-legacy")
    answer(tally, dry_run=dry_run, as_json=as_json)
    if not tally.took_all:
        raise typer.Exit(NOT_ALL)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the flags ask for."""

    source: str
    dry_run: bool
    send_resets: bool
    actor: str


async def _take_over(engine: AsyncEngine, *, wanted: Wanted, terms: Terms, watcher: Watcher) -> Tally:
    old = create_engine(_address(wanted.source), pool_size=1, application_name="goatedvips import-legacy")
    try:
        async with (
            first_system(old) as source,
            engine.connect() as connection,
            connection.begin() as transaction,
        ):
            verb = LegacyImport(
                source, connection, terms, wanted.actor, watcher, send_resets=wanted.send_resets
            )
            tally = await verb.run()
            if wanted.dry_run:
                await transaction.rollback()
            return tally
    finally:
        await old.dispose()


def _address(source: str) -> str:
    try:
        return sqlalchemy_url(source)
    except BadInput as error:
        raise BadInput.field("from", error.errors[0].message) from None


def _zone(name: str) -> ZoneInfo:
    if not is_zone(name):
        raise BadInput.field("timezone", f"{name!r} is no IANA zone like Europe/Berlin")
    return ZoneInfo(name)
