"""`goatedvips doctor`: what is wrong with a configuration, in sentences."""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict

import psycopg
import typer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from goatedvips.checks import Finding, findings, room
from goatedvips.cli.output import Json, console, print_json, say
from goatedvips.cli.resources import DatabaseUrl, Home, database
from goatedvips.kit.clock import utc_now
from goatedvips.kit.errors import BadInput, GoatedError
from goatedvips.kit.logging import configure_logging
from goatedvips.kit.migrations import revisions
from goatedvips.kit.postgres import OLDEST, passes_row_security_by
from goatedvips.kit.site import STATIC
from goatedvips.settings import Settings, load_settings
from goatedvips.upstream.client import FeedClient
from goatedvips.upstream.wire import read_report
from goatedvips.worker import feed_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(as_json: Json = False, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Look at the configuration, the database and the feed; exits 1 if something must be mended."""
    settings: Settings | None = None
    try:
        settings = load_settings(goatedvips_home=home, database_url=database_url)
        found = _examine(settings)
    except BadInput as error:
        found = [Finding("error", wrong.field, wrong.message) for wrong in error.errors]
    failed = any(finding.severity == "error" for finding in found)
    if as_json:
        print_json({"ok": not failed, "findings": [asdict(finding) for finding in found]})
    for finding in () if as_json else found:
        color = "red" if finding.severity == "error" else "yellow"
        say(f"{finding.setting} {finding.text}.", label=finding.severity, style=color)
    if settings and not found and not as_json:
        feed = "simulated" if settings.simulated else "answering"
        console.print(
            f"[green]All is well[/] ({settings.goatedvips_env}; the feed is {feed}).", highlight=False
        )
    sys.exit(1 if failed else 0)


def _examine(settings: Settings) -> list[Finding]:
    # What goes wrong from here on is a finding; a log would only say it in other words.
    configure_logging(as_json=settings.production, level="critical")
    found = findings(settings)
    wrong = {finding.setting for finding in found if finding.severity == "error"}
    if not wrong & {"DATABASE_URL", "READ_DATABASE_URL"}:
        found += _database(settings)
    if not settings.simulated and not wrong & {"GOATED_API_URL", "GOATED_REFERRAL_CODE"}:
        found += _feed(settings)
    return [*found, *_machine(settings)]


def _database(settings: Settings) -> Iterator[Finding]:
    # The embedded one is found through its home: nobody has set an address.
    name = "GOATEDVIPS_HOME" if settings.database_url is None else "DATABASE_URL"
    try:
        with database(settings) as (addresses, _):
            with psycopg.connect(
                make_url(addresses.app).render_as_string(hide_password=False), connect_timeout=5
            ) as connection:
                version = connection.info.server_version // 10_000
                ready = connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'").fetchone()
            if version < OLDEST:
                yield Finding("error", name, f"is PostgreSQL {version}; at least {OLDEST} is needed")
            held, expected = revisions(addresses.app)
            if passes_row_security_by(addresses.app):
                yield Finding(
                    "error" if settings.production else "warning",
                    "DATABASE_URL",
                    "names a superuser or a role with BYPASSRLS, to whom row security means nothing",
                )
    except (psycopg.Error, SQLAlchemyError) as error:
        yield Finding("error", name, f"cannot be used: {str(error).strip().splitlines()[0]}")
        return
    except GoatedError as error:
        yield Finding("error", "GOATEDVIPS_HOME", error.detail.rstrip("."))
        return
    if held is None and settings.database_url is None:
        # A home that was made just now.
        return
    if held != expected:
        text = f"has schema {held or 'none'}, not {expected}; the next start brings it there"
        yield Finding("warning", name, text)
    elif ready is None:
        yield Finding("warning", name, "lacks the extension pg_trgm; search by name reads every player")


def _feed(settings: Settings) -> Iterator[Finding]:
    try:
        answer = asyncio.run(FeedClient(feed_settings(settings), clock=utc_now).fetch())
        report = read_report(answer.body)
    except GoatedError as error:
        yield Finding("error", "GOATED_API_URL", f"does not give a report: {error.detail.rstrip('.')}")
        return
    if report.listed == 0:
        yield Finding("warning", "GOATED_REFERRAL_CODE", "has no players yet")
    if report.rejected:
        yield Finding("warning", "GOATED_API_URL", f"gives {len(report.rejected)} row(s) that cannot be read")


def _machine(settings: Settings) -> Iterator[Finding]:
    if not (STATIC / "index.html").exists():
        yield Finding("error", "The site", "is not built; `make web` builds it")
    folder = settings.goatedvips_home
    while not folder.exists():
        folder = folder.parent
    if settings.database_url is None:
        yield from room(shutil.disk_usage(folder).free)
