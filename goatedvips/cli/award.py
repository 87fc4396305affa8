"""`goatedvips award …`: see what winners are owed; approve it, reject it, and say that it was paid."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.cli.actor import As, actor
from goatedvips.cli.award_answers import (
    answer_list,
    answer_one,
    answer_rejection,
    answer_step,
    print_sheet,
    refuse,
)
from goatedvips.cli.engine import Answer, with_engine
from goatedvips.cli.flags import parsed
from goatedvips.cli.output import Json
from goatedvips.cli.resources import DatabaseUrl, Home, settings_of
from goatedvips.kit.clock import utc_now
from goatedvips.kit.errors import BadInput
from goatedvips.races.payouts import listing, service, sheet
from goatedvips.races.payouts.errors import NotAll
from goatedvips.races.payouts.schemas import AwardListQuery, AwardReject, Payment

award_app = typer.Typer(
    help="Look at what winners are owed, approve or reject it, and say that it was paid.",
    no_args_is_help=True,
)

_HIGHEST = 2**63 - 1
_SHOWN = 50

AwardId = Annotated[int, typer.Argument(help="The award's number.", min=1, max=_HIGHEST)]
AwardIds = Annotated[
    list[int] | None, typer.Argument(help="The awards' numbers.", min=1, max=_HIGHEST, show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(award_app, name="award")


@award_app.command(name="list")
def list_awards(
    race: Annotated[int | None, typer.Option(help="Of this race.", min=1, max=_HIGHEST)] = None,
    status: Annotated[str | None, typer.Option(help="pending, approved, paid or rejected.")] = None,
    player: Annotated[str | None, typer.Option(help="Of this player, by number or uid.")] = None,
    limit: Annotated[
        int | None, typer.Option(help=f"At most so many; {_SHOWN} unless given, with --csv all.")
    ] = None,
    as_csv: Annotated[
        bool,
        typer.Option(
            "--csv",
            help="Print what is due (pending and approved, unless --status says otherwise) as CSV, for the"
            " payer to fill in the column `reference`.",
        ),
    ] = False,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """List awards, those of the newest race first, with the totals by status."""
    if as_csv and as_json:
        raise BadInput.field("csv", "give either --csv or --json")
    most = _SHOWN if limit is None and not as_csv else limit
    query = parsed(AwardListQuery, race=race, status=status, player=player, limit=most)
    if as_csv:
        due = _once(lambda connection: listing.due(connection, query, limit=query.limit), home, database_url)
        print_sheet(sheet.write(due))
    else:
        found = _once(lambda connection: listing.listed(connection, query), home, database_url)
        answer_list(found, as_json=as_json)


@award_app.command()
def show(
    award_id: AwardId, as_json: Json = False, home: Home = None, database_url: DatabaseUrl = None
) -> None:
    """Show an award: whose it is, and who approved, paid or rejected it."""
    award = _once(lambda connection: service.one(connection, award_id), home, database_url)
    answer_one(award, as_json=as_json)


@award_app.command()
def approve(
    award_ids: AwardIds = None,
    race: Annotated[
        int | None, typer.Option(help="All that are pending of this race.", min=1, max=_HIGHEST)
    ] = None,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Approve awards: all of them, or none if one cannot be."""
    who = actor(as_name)
    if bool(award_ids) == (race is not None):
        raise BadInput.field("awards", "give either the numbers of awards or --race")

    async def verb(connection: AsyncConnection) -> service.Outcome:
        if race is not None:
            return await service.approve_race(connection, race, actor=who, now=utc_now())
        return await service.approve(connection, award_ids or [], actor=who, now=utc_now())

    try:
        outcome = _once(verb, home, database_url)
    except NotAll as error:
        refuse(error, as_json=as_json)
    answer_step(outcome, "approved", as_json=as_json)


@award_app.command()
def reject(
    award_id: AwardId,
    reason: Annotated[str, typer.Option(help="As its player will read it.")],
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Reject an award, and with it all that its player is owed of the race.

    By the race's rule it is forfeited, or those behind him move up: a new version of the result either way.
    """
    why = parsed(AwardReject, reason=reason)
    who = actor(as_name)
    try:
        rejection = _once(
            lambda connection: service.reject(
                connection, award_id, reason=why.reason, actor=who, now=utc_now()
            ),
            home,
            database_url,
        )
    except NotAll as error:
        refuse(error, as_json=as_json)
    answer_rejection(rejection, as_json=as_json)


@award_app.command()
def pay(
    award_ids: AwardIds = None,
    reference: Annotated[str | None, typer.Option(help="Of the payment, as your books have it.")] = None,
    from_csv: Annotated[
        Path | None,
        typer.Option(help="A filled-in sheet of `award list --csv`: the columns `id` and `reference`."),
    ] = None,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Say that awards were paid: all of them, or none if one cannot be. It moves no money by itself."""
    who = actor(as_name)
    filled = _payments(award_ids or [], reference, from_csv)
    four_eyes = settings_of(goatedvips_home=home, database_url=database_url).goatedvips_four_eyes

    async def verb(connection: AsyncConnection) -> service.Outcome:
        return await service.pay(connection, filled.references, actor=who, now=utc_now(), four_eyes=four_eyes)

    try:
        outcome = _once(verb, home, database_url)
    except NotAll as error:
        refuse(error, as_json=as_json, lines=filled.lines)
    answer_step(outcome, "paid", as_json=as_json, left_out=filled.left_out)


def _payments(award_ids: list[int], reference: str | None, from_csv: Path | None) -> sheet.Filled:
    if from_csv is not None:
        if award_ids or reference is not None:
            raise BadInput.field("from-csv", "give either a sheet, or awards and a reference")
        return _sheet(from_csv)
    if not award_ids or reference is None:
        raise BadInput.field("awards", "give the numbers of awards and --reference, or --from-csv")
    payments = [parsed(Payment, id=award_id, reference=reference) for award_id in award_ids]
    return sheet.Filled({payment.id: payment.reference for payment in payments})


def _sheet(path: Path) -> sheet.Filled:
    try:
        filled = sheet.read(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise BadInput.field("from-csv", f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput.field("from-csv", f"{path} is not text in UTF-8") from None
    if not filled.references:
        raise BadInput.field("from-csv", f"{path} has no line with a reference")
    return filled


def _once(
    verb: Callable[[AsyncConnection], Awaitable[Answer]], home: Path | None, database_url: str | None
) -> Answer:
    """Do something in one transaction."""

    async def run(engine: AsyncEngine) -> Answer:
        async with engine.begin() as connection:
            return await verb(connection)

    return with_engine(run, home, database_url, name="goatedvips award")
