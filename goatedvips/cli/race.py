"""`goatedvips race …`: make, edit, clone, cancel and look at races."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.cli import flags
from goatedvips.cli.actor import As, actor
from goatedvips.cli.engine import with_engine
from goatedvips.cli.flags import RaceId, parsed, submitted
from goatedvips.cli.output import Json, errors, print_json, say
from goatedvips.cli.race_answers import answer, answer_preview, line, shown
from goatedvips.cli.race_result import exclude, restore, settle
from goatedvips.cli.resources import DatabaseUrl, Home
from goatedvips.kit.clock import utc_now
from goatedvips.races import encoding, service
from goatedvips.races.catalogue import Catalogue
from goatedvips.races.schemas import RaceCancel, RaceListQuery, WagerRaceCreate, WagerRaceEdit
from goatedvips.races.series.preview import preview_race

race_app = typer.Typer(help="Make, edit, clone, cancel and look at races.", no_args_is_help=True)

Kind = Annotated[str, typer.Option("--type", help="daily, weekly, monthly or special.")]
MaybeKind = Annotated[str | None, typer.Option("--type", help="daily, weekly, monthly or special.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for verb in (settle, exclude, restore):
        race_app.command()(verb)
    app.add_typer(race_app, name="race")


@race_app.command()
def create(
    name: Annotated[str, typer.Option(help="As its players read it.")],
    start: flags.Start,
    end: flags.End,
    prize_pool: flags.PrizePool,
    race_type: Kind = "special",
    prizes: flags.Prizes = None,
    tie_policy: flags.TiePolicy = None,
    reject_policy: flags.RejectPolicy = None,
    min_wager: flags.MinWager = None,
    timezone: flags.Timezone = None,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make a race of its own, apart from the series."""
    race = submitted(WagerRaceCreate, locals())
    who = actor(as_name)

    async def make(connection: AsyncConnection) -> int:
        return await service.create_race(connection, race, actor=who, now=utc_now())

    answer(with_engine(_then_shown(make), home, database_url), as_json=as_json)


@race_app.command()
def edit(
    race_id: RaceId,
    name: flags.MaybeName = None,
    race_type: MaybeKind = None,
    start: flags.MaybeStart = None,
    end: flags.MaybeEnd = None,
    prize_pool: flags.MaybePrizePool = None,
    prizes: flags.Prizes = None,
    tie_policy: flags.TiePolicy = None,
    reject_policy: flags.RejectPolicy = None,
    min_wager: flags.MinWager = None,
    timezone: flags.Timezone = None,
    if_version: flags.IfVersion = None,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Edit a race that has not begun; of a race of a series neither start, end nor type."""
    change = submitted(WagerRaceEdit, locals())
    who = actor(as_name)

    async def alter(connection: AsyncConnection) -> int:
        await service.edit_race(connection, race_id, change, actor=who, now=utc_now(), if_version=if_version)
        return race_id

    answer(with_engine(_then_shown(alter), home, database_url), as_json=as_json)


@race_app.command()
def clone(
    race_id: RaceId,
    start: flags.Start,
    end: flags.End,
    name: flags.MaybeName = None,
    prize_pool: flags.MaybePrizePool = None,
    prizes: flags.Prizes = None,
    tie_policy: flags.TiePolicy = None,
    reject_policy: flags.RejectPolicy = None,
    min_wager: flags.MinWager = None,
    timezone: flags.Timezone = None,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make a special race under another's terms, with new dates and whatever else is to differ."""
    wanted = submitted(WagerRaceEdit, locals())
    who = actor(as_name)

    async def copy(connection: AsyncConnection) -> int:
        return await service.clone_race(connection, race_id, wanted, actor=who, now=utc_now())

    answer(with_engine(_then_shown(copy), home, database_url), as_json=as_json)


@race_app.command()
def cancel(
    race_id: RaceId,
    reason: Annotated[str, typer.Option(help="As its players will read it.")],
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Cancel a scheduled or live race."""
    why = parsed(RaceCancel, reason=reason)
    who = actor(as_name)

    had_ended = False

    async def end(connection: AsyncConnection) -> int:
        nonlocal had_ended
        had_ended = await service.cancel_race(
            connection, race_id, reason=why.reason, actor=who, now=utc_now()
        )
        return race_id

    answer(with_engine(_then_shown(end), home, database_url), as_json=as_json)
    if had_ended:
        note = "Its end had passed and it was only not settled yet: nobody gets anything for his place."
        say(note, label="Note:", style="bold yellow", to=errors)


@race_app.command()
def show(
    race_id: RaceId,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Show a race with its first standings."""
    answer(with_engine(lambda engine: shown(engine, race_id), home, database_url), as_json=as_json)


@race_app.command()
def preview(
    start: flags.Start,
    end: flags.End,
    prize_pool: flags.PrizePool,
    prizes: flags.Prizes = None,
    reject_policy: flags.RejectPolicy = None,
    timezone: flags.Timezone = None,
    as_json: Json = False,
) -> None:
    """Show how long a race would last and what each place would be paid; make none."""
    race = submitted(WagerRaceCreate, {"name": "Preview", "race_type": "special"} | locals())
    answer_preview(preview_race(race, utc_now()), as_json=as_json)


@race_app.command(name="list")
def list_races(
    status: Annotated[str | None, typer.Option(help="scheduled, live, completed or cancelled.")] = None,
    race_type: MaybeKind = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """List races, newest first."""
    kind = parsed(RaceListQuery, status=status, type=race_type)

    async def look(engine: AsyncEngine) -> list[dict[str, Any]]:
        async with engine.connect() as connection:
            races = Catalogue(connection)
            _, rows = await races.page(status=kind.status, race_type=kind.type, limit=limit, offset=0)
        return [encoding.summary(dict(row), utc_now()) for row in rows]

    found = with_engine(look, home, database_url)
    if as_json:
        print_json({"data": found})
        return
    for race in found:
        line(race)
    if not found:
        say("There is no such race.")


def _then_shown(
    verb: Callable[[AsyncConnection], Awaitable[int]],
) -> Callable[[AsyncEngine], Awaitable[dict[str, Any]]]:
    """Return what does a verb in one transaction, and then looks at the race whose id it gave."""

    async def done(engine: AsyncEngine) -> dict[str, Any]:
        async with engine.begin() as connection:
            race_id = await verb(connection)
        return await shown(engine, race_id)

    return done
