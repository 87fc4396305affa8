"""`goatedvips quarantine …`: look at reports that were not believed; apply or discard them."""

from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.cli.actor import As, actor
from goatedvips.cli.engine import with_engine
from goatedvips.cli.flags import parsed
from goatedvips.cli.output import Json
from goatedvips.cli.quarantine_answers import answer_list, answer_report, answer_request, answer_run
from goatedvips.cli.resources import DatabaseUrl, Home, settings_of
from goatedvips.kit.clock import utc_now
from goatedvips.races.settlement.service import settle_due
from goatedvips.sync.quarantine import service
from goatedvips.sync.quarantine.schemas import (
    Decide,
    QuarantinedReport,
    QuarantinedRun,
    QuarantinePage,
    QuarantineQuery,
)
from goatedvips.sync.requests.schemas import SyncRequestView
from goatedvips.sync.requests.service import request_view
from goatedvips.worker import sync_service

quarantine_app = typer.Typer(
    help="Look at reports that were not believed; apply them after all, or discard them.",
    no_args_is_help=True,
)

_NAME = "goatedvips quarantine"

RunId = Annotated[int, typer.Argument(metavar="RUN", help="The run's number.", min=1, max=2**63 - 1)]
Reason = Annotated[str, typer.Option(help="Why; the audit log keeps it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(quarantine_app, name="quarantine")


@quarantine_app.command(name="list")
def list_runs(
    reviewed: Annotated[
        bool | None, typer.Option("--reviewed/--open", help="Only those that were, or were not, decided.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 20,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """List quarantined runs with the reasons, newest first."""
    query = parsed(QuarantineQuery, reviewed=reviewed, limit=limit)

    async def look(engine: AsyncEngine) -> QuarantinePage:
        async with engine.connect() as connection:
            return await service.listed(connection, query)

    answer_list(with_engine(look, home, database_url, name=_NAME), as_json=as_json)


@quarantine_app.command()
def show(run_id: RunId, as_json: Json = False, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Show what a report would change against the last one that was applied before it."""

    async def look(engine: AsyncEngine) -> QuarantinedReport:
        async with engine.connect() as connection:
            run = await service.run_view(connection, run_id)
            kept = await service.kept_reports(connection, run_id)
        comparison = None if kept is None else await service.compared(kept)
        return QuarantinedReport(run=run, comparison=comparison)

    answer_report(with_engine(look, home, database_url, name=_NAME), as_json=as_json)


@quarantine_app.command(name="apply")
def apply_report(
    run_id: RunId,
    reason: Reason,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Apply a report although it was not believed; refused once a later one was applied."""
    why, who = parsed(Decide, reason=reason), actor(as_name)
    settings = settings_of(goatedvips_home=home, database_url=database_url)

    async def do(engine: AsyncEngine) -> SyncRequestView:
        async with engine.begin() as connection:
            request_id = await service.request_apply(
                connection, run_id, reason=why.reason, actor=who, now=utc_now()
            )
        if not settings.simulated:
            # Here and now: there may be no worker that runs. Where only `up` knows the feed, one does.
            await sync_service(settings, engine).apply_reviewed(wait=True)
            await settle_due(engine, utc_now)
        async with engine.connect() as connection:
            return await request_view(connection, request_id)

    answer_request(with_engine(do, home, database_url, name=_NAME), as_json=as_json)


@quarantine_app.command()
def discard(
    run_id: RunId,
    reason: Reason,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Decide that a report is never applied."""
    why, who = parsed(Decide, reason=reason), actor(as_name)

    async def do(engine: AsyncEngine) -> QuarantinedRun:
        async with engine.begin() as connection:
            await service.discard(connection, run_id, reason=why.reason, actor=who, now=utc_now())
            return await service.run_view(connection, run_id)

    answer_run(with_engine(do, home, database_url, name=_NAME), as_json=as_json)
