"""`goatedvips verify …`: look whether the records hold; exits 0 when all holds and 1 with what does not."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit import service as audit
from goatedvips.cli import verify_proof, verify_race
from goatedvips.cli.output import Json, print_json, say
from goatedvips.cli.resources import DatabaseUrl, Home, migrated_database, settings_of
from goatedvips.kit.errors import BadInput
from goatedvips.kit.postgres import create_engine
from goatedvips.ledger import service as ledger
from goatedvips.races.payouts.service import unrecorded
from goatedvips.races.settlement import attestation, books

verify_app = typer.Typer(
    help="Look whether the records hold: results, proofs, ledger, audit log; exits 1 if not.",
    no_args_is_help=True,
)

Check: TypeAlias = Callable[[AsyncConnection], Awaitable[list[str]]]
"""Looks at the database, and returns in sentences what does not hold."""

AUDIT_CHECKS: tuple[Check, ...] = (attestation.verify, unrecorded)
"""What features hold the audit log against: a fact of theirs without its entry is a finding.

`audit.unattested` tells which acts have no entry.
"""

LEDGER_CHECKS: tuple[Check, ...] = (ledger.verify, books.verify)
"""The ledger by itself, then against what each feature says that it owes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and in sentences what does not hold of it."""

    looked_at: str
    findings: list[str]
    facts: dict[str, Any] = field(default_factory=dict)
    """What programs are told besides."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(verify_app, name="verify")
    verify_proof.register(verify_app)
    verify_race.register(verify_app, {"audit": audit_verdict, "ledger": ledger_verdict})


@verify_app.command(name="audit")
def verify_audit(
    head: Annotated[
        str | None, typer.Option(help="The head that an earlier look printed; shows a removed end.")
    ] = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Recompute the chain of the audit log; note its head, and hand it in the next time."""
    if head is not None and not re.fullmatch("[0-9a-fA-F]{64}", head):
        raise BadInput.field("head", f"{head!r} is no SHA-256 of 64 hexadecimal digits")
    conclude(
        with_database(lambda connection: audit_verdict(connection, head), home, database_url), as_json=as_json
    )


@verify_app.command(name="ledger")
def verify_ledger(as_json: Json = False, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Look whether the ledger balances, and agrees with every race and award."""
    conclude(with_database(ledger_verdict, home, database_url), as_json=as_json)


async def audit_verdict(connection: AsyncConnection, head: str | None = None) -> Verdict:
    """Look at the audit log."""
    log = await audit.verify(connection, head=head)
    findings = [*log.findings, *(await _all(AUDIT_CHECKS, connection))]
    looked_at = f"The audit log has {log.entries} entries; its head is {log.head}."
    return Verdict(looked_at, findings, {"entries": log.entries, "head": log.head})


async def ledger_verdict(connection: AsyncConnection) -> Verdict:
    """Look at the ledger."""
    transfers = await ledger.count(connection)
    findings = await _all(LEDGER_CHECKS, connection)
    return Verdict(f"The ledger has {transfers} transfers.", findings, {"transfers": transfers})


def conclude(verdict: Verdict, *, as_json: bool) -> None:
    """Print the verdict, and exit with 1 unless all holds."""
    if as_json:
        print_json({"holds": not verdict.findings, **verdict.facts, "findings": verdict.findings})
    else:
        say(verdict.looked_at)
        for finding in verdict.findings:
            say(finding, label="✗")
        if not verdict.findings:
            say("All of it holds.", label="✓", style="bold green")
    if verdict.findings:
        raise typer.Exit(1)


def with_database(
    look: Callable[[AsyncConnection], Awaitable[Verdict]], home: Path | None, database_url: str | None
) -> Verdict:
    """Look at one moment of the database, without a way to change it."""
    settings = settings_of(goatedvips_home=home, database_url=database_url)

    async def run(dsn: str) -> Verdict:
        engine = create_engine(dsn, application_name="goatedvips verify", acting="system")
        try:
            async with engine.connect() as connection:
                await connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                return await look(connection)
        finally:
            await engine.dispose()

    with migrated_database(settings) as dsn:
        return asyncio.run(run(dsn))


async def _all(checks: tuple[Check, ...], connection: AsyncConnection) -> list[str]:
    return [finding for check in checks for finding in await check(connection)]
