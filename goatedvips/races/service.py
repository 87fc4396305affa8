"""What people do with races."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.errors import BadInput, FieldError
from goatedvips.kit.money import CENTS_PER_DOLLAR, UNITS_PER_DOLLAR, parse_cents
from goatedvips.races.errors import RaceNotFound, RaceNotOpen
from goatedvips.races.repository import Races
from goatedvips.races.rules.calendar import is_zone
from goatedvips.races.rules.prizes import DEFAULT_TABLE, PrizeTable
from goatedvips.races.schemas import PrizeShare, WagerRaceCreate

UNITS_PER_CENT = UNITS_PER_DOLLAR // CENTS_PER_DOLLAR


async def create_race(connection: AsyncConnection, race: WagerRaceCreate, *, now: datetime) -> int:
    """Make a race and return its id; raise `BadInput` naming every field that is wrong.

    A start in the past is allowed: the race then counts from the first completed run at or after its
    start, if that has been, and else from the next run.
    """
    _check(race, now)
    pool = parse_cents(race.prize_pool)
    table = _table(race.prizes, pool)
    races = Races(connection)
    if race.start_date <= now:
        await races.hold_still()
    race_id = await races.add(
        {
            "series_id": None,
            "name": race.name,
            "type": race.type,
            "start_date": race.start_date,
            "end_date": race.end_date,
            "prize_pool": pool,
            "prizes": table.to_json(),
            "tie_policy": race.tie_policy,
            "min_wager": parse_cents(race.min_wager) * UNITS_PER_CENT,
            "timezone": race.timezone,
            "metadata": race.metadata or {},
        }
    )
    assert race_id is not None  # noqa: S101 - only a race of a series can be there already
    if race.start_date <= now:
        await races.start_due(now)
        await races.fix_past_starts([race_id], now=now)
    return race_id


async def cancel_race(connection: AsyncConnection, race_id: int, *, reason: str, now: datetime) -> None:
    """Cancel a scheduled or live race; raise `RaceNotFound` or `RaceNotOpen`."""
    races = Races(connection)
    if not reason.strip():
        raise BadInput.field("reason", "say why the race is cancelled; its players will read it")
    if await races.cancel(race_id, reason=reason.strip(), now=now):
        return
    race = await races.by_id(race_id)
    if race is None:
        raise RaceNotFound(race_id)
    raise RaceNotOpen(race_id, race["status"])


def _check(race: WagerRaceCreate, now: datetime) -> None:
    errors = []
    if race.end_date <= race.start_date:
        errors.append(FieldError("endDate", "must come after startDate"))
    if race.end_date <= now:
        errors.append(FieldError("endDate", "must be in the future"))
    if not is_zone(race.timezone):
        errors.append(FieldError("timezone", f"{race.timezone!r} is no IANA zone like Europe/Berlin"))
    if errors:
        raise BadInput(errors)


def _table(shares: Sequence[PrizeShare] | None, pool: int) -> PrizeTable:
    if shares is None:
        return PrizeTable.parse(DEFAULT_TABLE.to_json(), pool_cents=pool)
    return PrizeTable.parse([share.model_dump(by_alias=True) for share in shares], pool_cents=pool)
