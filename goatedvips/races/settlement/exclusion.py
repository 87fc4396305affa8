"""Keeping a player out of a race, and letting him in again."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, record
from goatedvips.kit.errors import BadInput, Conflict
from goatedvips.players.errors import PersonNotFound
from goatedvips.players.exclusions import Exclusions
from goatedvips.races.errors import RaceNotFound
from goatedvips.races.repository import Races
from goatedvips.races.settlement.correction import take_away
from goatedvips.races.settlement.errors import AlreadyExcluded
from goatedvips.races.settlement.repository import Results
from goatedvips.realtime.announce import announce


class NotExcluded(Conflict):
    """There is nothing to lift."""

    code = "not_excluded"

    def __init__(self, player_id: int, race_id: int) -> None:
        super().__init__(f"Player {player_id} is not excluded from race {race_id} by himself.")


class ResultStands(Conflict):
    """Whoever has lost his place in a result does not get it back."""

    code = "result_stands"

    def __init__(self, race_id: int, status: str) -> None:
        super().__init__(f"Race {race_id} is {status}; nobody can be let in again.")


async def exclude(
    connection: AsyncConnection, race_id: int, player_id: int, *, reason: str, actor: str, now: datetime
) -> None:
    """Let a player take no place in a race; in a settled one that is a new version of its result.

    Raise `BadInput` without a reason, `RaceNotFound`, `PersonNotFound`, `AlreadyExcluded`, what `take_away`
    raises, or `ResultStands` for a cancelled race.
    """
    if not (reason := reason.strip()):
        raise BadInput.field("reason", "say why the player is excluded")
    # Before the race's own lock, as everybody who writes results does.
    await Results(connection).take_turn(wait=True)
    race = await Races(connection).by_id(race_id)
    if race is not None and race["status"] == "completed":
        # Its row is locked only when the new result is written: reports need the table meanwhile.
        await take_away(connection, race_id, player_id, reason=reason, actor=actor, now=now)
    else:
        await _touch(connection, race_id, now=now)
    exclusions = Exclusions(connection)
    if not await exclusions.is_player(player_id):
        raise PersonNotFound(str(player_id))
    if not await exclusions.add(player_id, race_id, reason=reason, actor=actor, now=now):
        raise AlreadyExcluded(player_id, race_id)
    await _tell(connection, "race.excluded", race_id, player_id, reason=reason, actor=actor, now=now)


async def restore(
    connection: AsyncConnection, race_id: int, player_id: int, *, reason: str, actor: str, now: datetime
) -> None:
    """Let a player take part again in a race that is not settled.

    Raise `BadInput` without a reason, `RaceNotFound`, `ResultStands` or `NotExcluded`.
    """
    if not (reason := reason.strip()):
        raise BadInput.field("reason", "say why the player may take part again")
    status = await _touch(connection, race_id, now=now)
    if status == "completed":
        raise ResultStands(race_id, status)
    if not await Exclusions(connection).lift(player_id, race_id, actor=actor, now=now):
        raise NotExcluded(player_id, race_id)
    await _tell(connection, "race.restored", race_id, player_id, reason=reason, actor=actor, now=now)


async def _touch(connection: AsyncConnection, race_id: int, *, now: datetime) -> str:
    """Raise the race's version, under which every process reads again who takes part; return its status."""
    status = await Races(connection).touch(race_id, now=now)
    if status is None:
        raise RaceNotFound(race_id)
    if status == "cancelled":
        raise ResultStands(race_id, status)
    return status


async def _tell(
    connection: AsyncConnection,
    action: str,
    race_id: int,
    player_id: int,
    *,
    reason: str,
    actor: str,
    now: datetime,
) -> None:
    await announce(connection, f"race:{race_id}")
    act = Act(action, f"race:{race_id}", {"player": player_id, "reason": reason})
    await record(connection, [act], actor=actor, at=now)
