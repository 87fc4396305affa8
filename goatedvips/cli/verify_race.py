"""`goatedvips verify race ID` and `verify all`: hold settled races against everything they were made of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar

import typer
from rich.progress import Progress
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.cli.engine import with_engine
from goatedvips.cli.output import Json, console, print_json, say
from goatedvips.cli.resources import DatabaseUrl, Home
from goatedvips.races.rules.proof import Finding
from goatedvips.races.settlement.verification import RaceVerdict, settled_races, verify_race

Answer = TypeVar("Answer")
RaceId = Annotated[int, typer.Argument(help="The race's number.", min=1, max=2**63 - 1)]


class Looked(Protocol):
    """What a look at one kind of records says."""

    @property
    def looked_at(self) -> str:
        """What was looked at."""

    @property
    def findings(self) -> list[str]:
        """What does not hold."""

    @property
    def facts(self) -> dict[str, Any]:
        """What programs are told besides."""


Look = Callable[[AsyncConnection], Awaitable[Looked]]


def register(app: typer.Typer, looks: Mapping[str, Look]) -> None:
    """Add the commands; `looks` are what `all` looks at beside the races."""

    @app.command(name="all")
    def everything(as_json: Json = False, home: Home = None, database_url: DatabaseUrl = None) -> None:
        """Look at all records and rebuild every settled race; exits 1 with what does not hold."""
        _all(looks, as_json=as_json, home=home, database_url=database_url)

    app.command(name="race")(one)


def one(race_id: RaceId, as_json: Json = False, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Rebuild a settled race from readings and raw reports; exits 1 with what differs."""
    verdict = _at_one_moment(lambda connection: verify_race(connection, race_id), home, database_url)
    if as_json:
        print_json(_as_json(verdict))
    else:
        _tell(verdict)
        if verdict.holds:
            say("All of it holds.", label="✓", style="bold green")
    if not verdict.holds:
        raise typer.Exit(1)


def _all(looks: Mapping[str, Look], *, as_json: bool, home: Path | None, database_url: str | None) -> None:
    # Lines go above the bar as they come: whoever looks at a thousand races sees what was found so far.
    with Progress(console=console, transient=True, disable=as_json or not console.is_terminal) as bar:

        async def look(connection: AsyncConnection) -> tuple[dict[str, Looked], list[RaceVerdict]]:
            races = await settled_races(connection)
            task = bar.add_task("Verifying", total=len(looks) + len(races))
            told, verdicts = {}, []
            for name, records in looks.items():
                told[name] = await records(connection)
                _say_of(told[name], quiet=as_json)
                bar.advance(task)
            for race_id in races:
                bar.update(task, description=f"Verifying race {race_id}")
                verdicts.append(await verify_race(connection, race_id))
                if not as_json:
                    _tell(verdicts[-1])
                bar.advance(task)
            return told, verdicts

        told, verdicts = _at_one_moment(look, home, database_url)
    _conclude(told, verdicts, as_json=as_json)


def _conclude(told: Mapping[str, Looked], verdicts: Sequence[RaceVerdict], *, as_json: bool) -> None:
    count = sum(len(looked.findings) for looked in told.values())
    count += sum(len(verdict.findings) for verdict in verdicts)
    if as_json:
        records = {
            name: {"holds": not looked.findings, **looked.facts, "findings": looked.findings}
            for name, looked in told.items()
        }
        print_json({"holds": not count, **records, "races": [_as_json(verdict) for verdict in verdicts]})
    else:
        what = f"{', '.join(told)} and {len(verdicts):,} races"
        if count:
            say(f"{count:,} findings in {what}.", label="✗")
        else:
            say(f"All of it holds: {what}.", label="✓", style="bold green")
    if count:
        raise typer.Exit(1)


def _at_one_moment(
    look: Callable[[AsyncConnection], Awaitable[Answer]], home: Path | None, database_url: str | None
) -> Answer:
    """Look at one moment of the database, without a way to change it."""

    async def run(engine: AsyncEngine) -> Answer:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            return await look(connection)

    return with_engine(run, home, database_url, name="goatedvips verify")


def _say_of(looked: Looked, *, quiet: bool) -> None:
    if quiet:
        return
    say(looked.looked_at)
    for finding in looked.findings:
        say(finding, label="✗")


def _tell(verdict: RaceVerdict) -> None:
    versions = "one version" if verdict.versions == 1 else f"{verdict.versions} versions"
    counted = f"{versions} of its result, {verdict.participants:,} standings"
    say(f'Race {verdict.race_id} "{verdict.name}" has {counted}.')
    for finding in verdict.findings:
        say(finding.text, label="✗")
    for note in verdict.notes:
        say(f"· {note.text}")


def _as_json(verdict: RaceVerdict) -> dict[str, Any]:
    return {
        "holds": verdict.holds,
        "raceId": verdict.race_id,
        "name": verdict.name,
        "versions": verdict.versions,
        "participants": verdict.participants,
        "findings": _listed(verdict.findings),
        "notes": _listed(verdict.notes),
    }


def _listed(findings: list[Finding]) -> list[dict[str, str]]:
    return [{"code": finding.code, "text": finding.text} for finding in findings]
