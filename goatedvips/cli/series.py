"""`goatedvips series …`: the rules that make the next race."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

import typer
from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.cli import flags
from goatedvips.cli.actor import As, actor
from goatedvips.cli.engine import with_engine
from goatedvips.cli.flags import parsed, submitted
from goatedvips.cli.output import Json, print_json
from goatedvips.cli.resources import DatabaseUrl, Home
from goatedvips.cli.series_answers import answer, answer_all, answer_preview
from goatedvips.kit.clock import utc_now
from goatedvips.kit.errors import BadInput
from goatedvips.races.engine import tick
from goatedvips.races.series import service
from goatedvips.races.series.preview import preview_series
from goatedvips.races.series.schemas import (
    MOST_PREVIEWED,
    SeriesCreate,
    SeriesEdit,
    SeriesPreview,
    SeriesView,
)
from goatedvips.races.series.terms import series_columns
from goatedvips.realtime.announce import announce

series_app = typer.Typer(
    help="Make, edit, preview and look at series, the rules that make the next race.", no_args_is_help=True
)

Which = Annotated[str, typer.Argument(metavar="SERIES", help="Its number or its name.")]
Kind = Annotated[str, typer.Option("--type", help="daily, weekly or monthly.")]
MaybeKind = Annotated[str | None, typer.Option("--type", help="daily, weekly or monthly.")]
StartHour = Annotated[int | None, typer.Option(help="0 to 23, by the zone's clock; 0 unless given.")]
Weekday = Annotated[int | None, typer.Option(help="Of a weekly series: 1 is Monday (default), 7 Sunday.")]
DayOfMonth = Annotated[
    int | None, typer.Option(help="Of a monthly series: 1 (default) to 31, or the month's last day.")
]
Count = Annotated[int, typer.Option(help="How many races.", min=1, max=MOST_PREVIEWED)]
From = Annotated[
    str | None, typer.Option("--from", help="RFC 3339: as it would be seen then, instead of now.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(series_app, name="series")


@series_app.command()
def create(
    name: Annotated[str, typer.Option(help="Its races are named after it, with their date.")],
    series_type: Kind,
    prize_pool: flags.PrizePool,
    timezone: flags.Timezone = None,
    start_hour: StartHour = None,
    weekday: Weekday = None,
    day_of_month: DayOfMonth = None,
    prizes: flags.Prizes = None,
    tie_policy: flags.TiePolicy = None,
    reject_policy: flags.RejectPolicy = None,
    min_wager: flags.MinWager = None,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make a series, and the race that goes on by its rule and the next one."""
    wanted = submitted(SeriesCreate, locals())
    who = actor(as_name)

    async def make(connection: AsyncConnection) -> int:
        return await service.create_series(connection, wanted, actor=who, now=utc_now())

    answer(with_engine(_then_shown(make), home, database_url), as_json=as_json)


@series_app.command()
def edit(
    series: Which,
    name: flags.MaybeName = None,
    series_type: MaybeKind = None,
    timezone: flags.Timezone = None,
    start_hour: StartHour = None,
    weekday: Weekday = None,
    day_of_month: DayOfMonth = None,
    prize_pool: flags.MaybePrizePool = None,
    prizes: flags.Prizes = None,
    tie_policy: flags.TiePolicy = None,
    reject_policy: flags.RejectPolicy = None,
    min_wager: flags.MinWager = None,
    if_version: flags.IfVersion = None,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Edit a series and its races that have not begun; those that run keep their rules."""
    change = submitted(SeriesEdit, locals())
    who = actor(as_name)

    async def alter(connection: AsyncConnection) -> int:
        series_id = await service.series_id_of(connection, series)
        await service.edit_series(
            connection, series_id, change, actor=who, now=utc_now(), if_version=if_version
        )
        return series_id

    answer(with_engine(_then_shown(alter), home, database_url), as_json=as_json)


@series_app.command()
def enable(
    series: Which,
    if_version: flags.IfVersion = None,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Let a series make races again, none for the time in which it was off."""
    who = actor(as_name)

    async def turn_on(connection: AsyncConnection) -> int:
        series_id = await service.series_id_of(connection, series)
        await service.enable_series(connection, series_id, actor=who, now=utc_now(), if_version=if_version)
        return series_id

    answer(with_engine(_then_shown(turn_on), home, database_url), as_json=as_json)


@series_app.command()
def disable(
    series: Which,
    if_version: flags.IfVersion = None,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Let a series make no more races; those that are made stay until somebody cancels them."""
    who = actor(as_name)

    async def turn_off(connection: AsyncConnection) -> int:
        series_id = await service.series_id_of(connection, series)
        await service.disable_series(connection, series_id, actor=who, now=utc_now(), if_version=if_version)
        return series_id

    answer(with_engine(_then_shown(turn_off), home, database_url), as_json=as_json)


@series_app.command()
def show(series: Which, as_json: Json = False, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Show a series with its races that go on or are to come."""

    async def look(engine: AsyncEngine) -> SeriesView:
        async with engine.connect() as connection:
            series_id = await service.series_id_of(connection, series)
            return await service.show_series(connection, series_id, utc_now())

    answer(with_engine(look, home, database_url), as_json=as_json)


@series_app.command(name="list")
def list_series(as_json: Json = False, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """List all series."""

    async def look(engine: AsyncEngine) -> list[SeriesView]:
        async with engine.connect() as connection:
            return await service.list_series(connection, utc_now())

    found = with_engine(look, home, database_url)
    if as_json:
        print_json({"data": TypeAdapter(list[SeriesView]).dump_python(found, mode="json", by_alias=True)})
        return
    answer_all(found)


@series_app.command()
def preview(
    series: Annotated[
        str | None, typer.Argument(help="A series' number or name; or none, and a rule by flags.")
    ] = None,
    name: Annotated[str, typer.Option(help="Its races are named after it, with their date.")] = "Preview",
    series_type: MaybeKind = None,
    timezone: flags.Timezone = None,
    start_hour: StartHour = None,
    weekday: Weekday = None,
    day_of_month: DayOfMonth = None,
    prize_pool: flags.MaybePrizePool = None,
    prizes: flags.Prizes = None,
    reject_policy: flags.RejectPolicy = None,
    count: Count = 5,
    from_: From = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Show the next races, of a series or of a rule before it is made."""
    given = locals()
    now = utc_now() if from_ is None else parsed(flags.Moment, **{"from": flags.instant("from", from_)}).at
    if series is None:
        columns = series_columns(submitted(SeriesCreate, given))
        answer_preview(preview_series(columns, now=now, count=count), as_json=as_json)
        return
    rule = [flag for flag in _RULE if given[flag] is not None]
    if rule:
        raise BadInput.field(
            to_camel(rule[0].removeprefix("series_")), "is the series' own; give either a series or a rule"
        )
    found = with_engine(lambda engine: _looked_ahead(engine, series, now, count), home, database_url)
    answer_preview(found, as_json=as_json)


_RULE = (
    "series_type",
    "timezone",
    "start_hour",
    "weekday",
    "day_of_month",
    "prize_pool",
    "prizes",
    "reject_policy",
)


async def _looked_ahead(engine: AsyncEngine, series: str, now: datetime, count: int) -> SeriesPreview:
    async with engine.connect() as connection:
        series_id = await service.series_id_of(connection, series)
        return await service.preview_of(connection, series_id, now=now, count=count)


def _then_shown(
    verb: Callable[[AsyncConnection], Awaitable[int]],
) -> Callable[[AsyncEngine], Awaitable[SeriesView]]:
    """Return what does a verb, makes the races that are due by it, and shows the series whose id it gave."""

    async def done(engine: AsyncEngine) -> SeriesView:
        async with engine.begin() as connection:
            series_id = await verb(connection)
        # As a worker would: there may be none that runs.
        async with engine.begin() as connection:
            await announce(connection, "races")
            await tick(connection, utc_now())
        async with engine.connect() as connection:
            return await service.show_series(connection, series_id, utc_now())

    return done
