"""`goatedvips race …`: make, cancel and look at races."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import typer
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.cli.output import Json, print_json, say
from goatedvips.cli.resources import DatabaseUrl, Home, migrated_database, settings_of
from goatedvips.kit.clock import utc_now
from goatedvips.kit.errors import BadInput
from goatedvips.kit.postgres import create_engine
from goatedvips.kit.schemas import Schema, field_errors
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.races import encoding, service
from goatedvips.races.keeper import RaceKeeper
from goatedvips.races.repository import Races
from goatedvips.races.schemas import RaceCancel, RaceListQuery, WagerRaceCreate
from goatedvips.realtime.announce import announce

race_app = typer.Typer(help="Make, cancel and look at races.", no_args_is_help=True)

Answer = TypeVar("Answer")
Asked = TypeVar("Asked", bound=Schema)
RaceId = Annotated[int, typer.Argument(help="The race's number.", min=1, max=2**63 - 1)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(race_app, name="race")


@race_app.command()
def create(
    name: Annotated[str, typer.Option(help="As its players read it.")],
    start: Annotated[str, typer.Option(help="RFC 3339, like 2026-12-01T00:00:00Z; may be past.")],
    end: Annotated[str, typer.Option(help="RFC 3339; not part of the race.")],
    prize_pool: Annotated[str, typer.Option(help="Dollars, like 500 or 99.50.")],
    race_type: Annotated[str, typer.Option("--type", help="daily, weekly, monthly or special.")] = "special",
    prizes: Annotated[str | None, typer.Option(help='JSON: [{"place": 1, "percent": "60"}, …].')] = None,
    tie_policy: Annotated[str, typer.Option(help="first_to_reach or shared.")] = "first_to_reach",
    min_wager: Annotated[str, typer.Option(help="Dollars below which nobody is ranked.")] = "0",
    timezone: Annotated[str, typer.Option(help="IANA zone in which people read its times.")] = "UTC",
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make a race of its own, apart from the series."""
    race = _parsed(
        WagerRaceCreate,
        name=name,
        type=race_type,
        startDate=_instant("start", start),
        endDate=_instant("end", end),
        prizePool=prize_pool,
        prizes=_prizes(prizes),
        tiePolicy=tie_policy,
        minWager=min_wager,
        timezone=timezone,
    )

    async def make(engine: AsyncEngine) -> dict[str, Any]:
        async with engine.begin() as connection:
            race_id = await service.create_race(connection, race, now=utc_now())
            await announce(connection, f"race:{race_id}")
        return await _show(engine, race_id)

    _answer(_with_engine(make, home, database_url), as_json=as_json)


@race_app.command()
def cancel(
    race_id: RaceId,
    reason: Annotated[str, typer.Option(help="As its players will read it.")],
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Cancel a scheduled or live race."""
    why = _parsed(RaceCancel, reason=reason)

    async def end(engine: AsyncEngine) -> dict[str, Any]:
        async with engine.begin() as connection:
            await service.cancel_race(connection, race_id, reason=why.reason, now=utc_now())
            await announce(connection, f"race:{race_id}")
        return await _show(engine, race_id)

    _answer(_with_engine(end, home, database_url), as_json=as_json)


@race_app.command()
def show(
    race_id: RaceId,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Show a race with its first standings."""
    _answer(_with_engine(lambda engine: _show(engine, race_id), home, database_url), as_json=as_json)


@race_app.command(name="list")
def list_races(
    status: Annotated[str | None, typer.Option(help="scheduled, live, completed or cancelled.")] = None,
    race_type: Annotated[
        str | None, typer.Option("--type", help="daily, weekly, monthly or special.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """List races, newest first."""
    kind = _parsed(RaceListQuery, status=status, type=race_type)

    async def look(engine: AsyncEngine) -> list[dict[str, Any]]:
        async with engine.connect() as connection:
            races = Races(connection)
            _, rows = await races.page(status=kind.status, race_type=kind.type, limit=limit, offset=0)
        return [encoding.summary(dict(row), utc_now()) for row in rows]

    found = _with_engine(look, home, database_url)
    if as_json:
        print_json({"data": found})
        return
    for race in found:
        _line(race)
    if not found:
        say("There is no such race.")


def _with_engine(
    verb: Callable[[AsyncEngine], Awaitable[Answer]],
    home: Path | None,
    database_url: str | None,
) -> Answer:
    settings = settings_of(goatedvips_home=home, database_url=database_url)

    async def run(dsn: str) -> Answer:
        engine = create_engine(dsn, application_name="goatedvips race")
        try:
            return await verb(engine)
        finally:
            await engine.dispose()

    with migrated_database(settings) as dsn:
        return asyncio.run(run(dsn))


async def _show(engine: AsyncEngine, race_id: int) -> dict[str, Any]:
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        boards = await BoardKeeper().refresh(connection)
        race = await RaceKeeper().load(race_id, connection=connection, boards=boards)
    shown: dict[str, Any] = msgspec.json.decode(encoding.page(race, utc_now()).body)
    return shown


def _answer(race: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(race)
        return
    _line(race | {"phase": race["metadata"]["phase"]})
    if race["metadata"]["phase"] == "live":
        say(f"  · {_baseline(race['metadata']['boundaries']['start'])}")
    for mark in race["metadata"]["marks"]:
        say(f"  · {mark['text']}")
    for prize in race["metadata"]["prizes"]:
        say(f"  place {prize['place']}: {prize['amount']} dollars")
    for row in race["participants"][:10]:
        say(f"  {row['position']:>3}  {row['username']}  {row['wagered']} dollars")


def _baseline(start: dict[str, Any] | None) -> str:
    """Say what a start that has been means for where everybody begins."""
    if start is None:
        return "It counts from the next report; what was wagered before that does not count."
    return f"It counts from the report of {start['asOf']}, the first at or after its start."


def _line(race: dict[str, Any]) -> None:
    say(
        f"{race['id']:>5}  {race['name']}: {race['phase']}, {race['prizePool']} dollars,"
        f" {race['startDate']} to {race['endDate']}"
    )


def _parsed(model: type[Asked], **values: Any) -> Asked:  # noqa: ANN401 - the model says what each must be
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise BadInput(field_errors(error.errors())) from None


def _instant(field: str, text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise BadInput.field(
            field, f"{text!r} is no instant like 2026-12-01T00:00:00Z or 2026-12-01T00:00:00+01:00"
        )
    return instant


def _prizes(text: str | None) -> Any:  # noqa: ANN401 - the model says what it must be
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput.field("prizes", f"is not JSON: {error}") from None
