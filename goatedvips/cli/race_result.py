"""`goatedvips race settle|exclude|restore`: what an administrator does about a race's result."""

from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.cli.actor import As, actor
from goatedvips.cli.engine import with_engine
from goatedvips.cli.flags import RaceId, parsed
from goatedvips.cli.output import Json, say
from goatedvips.cli.race_answers import answer, shown, shown_by
from goatedvips.cli.resources import DatabaseUrl, Home
from goatedvips.kit.clock import utc_now
from goatedvips.kit.errors import BadInput
from goatedvips.players.errors import PersonNotFound
from goatedvips.players.exclusions import Exclusions
from goatedvips.races.schemas import RaceCancel
from goatedvips.races.settlement import exclusion, service

Reason = Annotated[str, typer.Option(help="Why; the audit log keeps it.")]
Player = Annotated[str, typer.Argument(help="The player's number or uid.")]


def settle(
    race_id: RaceId,
    on_last_run: Annotated[
        bool, typer.Option("--on-last-run", help="End it with the last report, as none came since its end.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why, with --on-last-run; players read it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the result; write nothing.")] = False,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Settle a race that has ended. Workers do it by themselves, as soon as its last report has come."""
    who = actor(as_name)
    if reason is not None:
        if not on_last_run:
            raise BadInput.field("reason", "is for --on-last-run; a race with its last report needs none")
        reason = _reason(reason)

    async def end(engine: AsyncEngine) -> dict[str, Any]:
        async with engine.connect() as connection, connection.begin() as transaction:
            if on_last_run:
                await service.settle_late(connection, race_id, reason=reason or "", now=utc_now(), actor=who)
            else:
                await service.settle(connection, race_id, now=utc_now(), actor=who)
            race = await shown_by(connection, race_id)
            if dry_run:
                await transaction.rollback()
        return race

    answer(with_engine(end, home, database_url), as_json=as_json)
    if dry_run and not as_json:
        say("Nothing was written: this was a dry run.")


def exclude(
    race_id: RaceId,
    player: Player,
    reason: Reason,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Let a player take no place; in a settled race that is a new version of its result."""
    who, reason = actor(as_name), _reason(reason)

    async def keep_out(connection: AsyncConnection, player_id: int) -> None:
        await exclusion.exclude(connection, race_id, player_id, reason=reason, actor=who, now=utc_now())

    answer(_with_player(race_id, player, keep_out, home, database_url), as_json=as_json)


def restore(
    race_id: RaceId,
    player: Player,
    reason: Reason,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Let an excluded player take part again, in a race that is not settled."""
    who, reason = actor(as_name), _reason(reason)

    async def let_in(connection: AsyncConnection, player_id: int) -> None:
        await exclusion.restore(connection, race_id, player_id, reason=reason, actor=who, now=utc_now())

    answer(_with_player(race_id, player, let_in, home, database_url), as_json=as_json)


def _reason(text: str) -> str:
    return parsed(RaceCancel, reason=text).reason


def _with_player(race_id: int, player: str, verb: Any, home: Any, database_url: Any) -> dict[str, Any]:  # noqa: ANN401 - what the commands have
    async def done(engine: AsyncEngine) -> dict[str, Any]:
        async with engine.begin() as connection:
            player_id = await Exclusions(connection).player(player)
            if player_id is None:
                raise PersonNotFound(player)
            await verb(connection, player_id)
        return await shown(engine, race_id)

    return with_engine(done, home, database_url)
