"""What people do with races. Each verb ends with the audit record, as the last thing of its transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, record
from goatedvips.kit.errors import BadInput, FieldError
from goatedvips.kit.money import format_cents
from goatedvips.kit.schemas import field_errors
from goatedvips.outbox.service import Event, tell
from goatedvips.races.changes import UnbegunRaces
from goatedvips.races.errors import RaceChanged, RaceNotEditable, RaceNotFound, RaceNotOpen
from goatedvips.races.repository import Races
from goatedvips.races.rules.lifecycle import phase
from goatedvips.races.schemas import OUR_DETAILS, WagerRaceCreate, WagerRaceEdit
from goatedvips.races.settlement.repository import Results
from goatedvips.races.terms import as_told, differences, dollars_of_units, race_columns
from goatedvips.realtime.announce import announce

_BY_SERIES = {"type": "type", "start_date": "startDate", "end_date": "endDate"}
"""What a race of a series has from its series alone, and its name on the wire."""


async def create_race(
    connection: AsyncConnection,
    race: WagerRaceCreate,
    *,
    actor: str,
    now: datetime,
    cloned_from: int | None = None,
) -> int:
    """Make a race and return its id; raise `BadInput` naming every field that is wrong.

    A start in the past is allowed: the race then counts from the first completed run at or after its
    start, if that has been, and else from the next run.
    """
    columns = race_columns(race, now)
    races = Races(connection)
    if race.start_date <= now:
        await races.hold_still()
    race_id = await races.add(columns | {"series_id": None})
    assert race_id is not None  # noqa: S101 - only a race of a series can be there already
    told = as_told(columns) | ({} if cloned_from is None else {"clonedFrom": cloned_from})
    acts = [Act("race.created", f"race:{race_id}", told)]
    if race.start_date <= now:
        acts += await begin(races, now=now)
    await announce(connection, f"race:{race_id}")
    await record(connection, acts, actor=actor, at=now)
    return race_id


async def clone_race(
    connection: AsyncConnection, race_id: int, wanted: WagerRaceEdit, *, actor: str, now: datetime
) -> int:
    """Make a special race under another's terms, with new dates and whatever else is to differ."""
    row = await UnbegunRaces(connection).race(race_id)
    if row is None:
        raise RaceNotFound(race_id)
    missing = [name for name in ("start_date", "end_date") if getattr(wanted, name) is None]
    if missing:
        raise BadInput(
            [FieldError(_BY_SERIES[name], "must be given: a clone has new dates") for name in missing]
        )
    held = row | {"type": "special", "metadata": {}}
    return await create_race(connection, _merged(held, wanted), actor=actor, now=now, cloned_from=race_id)


async def edit_race(
    connection: AsyncConnection,
    race_id: int,
    change: WagerRaceEdit,
    *,
    actor: str,
    now: datetime,
    if_version: int | None = None,
) -> None:
    """Change a race that has not begun, and only if it is still at the version that the caller saw.

    Raises `RaceNotFound`, `RaceNotEditable`, `RaceChanged`, or `BadInput` naming every field that is wrong.
    """
    races, unbegun = Races(connection), UnbegunRaces(connection)
    # It may begin now, and its series must not make the next race meanwhile.
    await races.hold_still()
    row = await unbegun.race(race_id)
    if row is None:
        raise RaceNotFound(race_id)
    shown = phase(row["status"], starts_at=row["start_date"], ends_at=row["end_date"], now=now)
    if shown != "scheduled":
        raise RaceNotEditable(race_id, shown)
    if if_version not in {None, row["version"]}:
        raise RaceChanged(race_id, row["version"])
    _refuse_what_its_series_says(row, change)
    columns = race_columns(_merged(row, change), now)
    changed = differences(row, columns)
    if not changed:
        return
    if not await unbegun.change(row, columns, now=now):
        raise RaceChanged(race_id, row["version"])
    acts = [Act("race.edited", f"race:{race_id}", changed)]
    if columns["start_date"] <= now:
        acts += await begin(races, now=now)
    await announce(connection, f"race:{race_id}")
    await record(connection, acts, actor=actor, at=now)


async def cancel_race(
    connection: AsyncConnection, race_id: int, *, reason: str, actor: str, now: datetime
) -> bool:
    """Cancel a scheduled or live race; raise `RaceNotFound` or `RaceNotOpen`.

    Returns whether its end had passed, so that players who stood in a place now get nothing for it.
    """
    races = Races(connection)
    if not reason.strip():
        raise BadInput.field("reason", "say why the race is cancelled; its players will read it")
    # Before all races stand still: whoever settles this one holds it, and would wait for us to let them move.
    await Results(connection).take_turn(wait=True)
    await races.hold_still()
    row = await UnbegunRaces(connection).race(race_id)
    if row is None:
        raise RaceNotFound(race_id)
    if not await races.cancel(race_id, reason=reason.strip(), now=now):
        raise RaceNotOpen(race_id, row["status"])
    shown = phase(row["status"], starts_at=row["start_date"], ends_at=row["end_date"], now=now)
    told = {"reason": reason.strip(), "phase": shown}
    subject = f"race:{race_id}"
    event = Event(f"race.cancelled:{race_id}", "race.cancelled", subject, told | {"name": row["name"]})
    await tell(connection, event, now=now)
    await announce(connection, subject)
    await record(connection, [Act("race.cancelled", subject, told)], actor=actor, at=now)
    return shown == "settling"


async def begin(races: Races, *, now: datetime) -> list[Act]:
    """Start the races whose start has passed, and fix the boundaries that have been; return the acts.

    A started race's terms can be changed no more: its act holds them.
    """
    started = [
        Act("race.started", f"race:{race['id']}", as_told(race)) for race in await races.start_due(now)
    ]
    fixed = await races.fix_past_starts(now=now)
    return started + [Act("race.counting", f"race:{race_id}", {"run": run}) for race_id, run in fixed.items()]


def _merged(row: Mapping[str, Any], change: WagerRaceEdit) -> WagerRaceCreate:
    """Return the race that a stored one becomes with a change."""
    stored = {
        "prize_pool": format_cents(row["prize_pool"]),
        "min_wager": dollars_of_units(row["min_wager"]),
    }
    kept = ("name", "type", "start_date", "end_date", "prizes", "tie_policy", "reject_policy", "timezone")
    stored |= {name: row[name] for name in kept}
    wanted = {name: getattr(change, name) for name in change.model_fields_set}
    try:
        return WagerRaceCreate.model_validate(
            stored
            | {"metadata": {name: held for name, held in row["metadata"].items() if name not in OUR_DETAILS}}
            | {name: value for name, value in wanted.items() if value is not None}
        )
    except ValidationError as error:
        raise BadInput(field_errors(error.errors())) from None


def _refuse_what_its_series_says(row: Mapping[str, Any], change: WagerRaceEdit) -> None:
    if row["series_id"] is None:
        return
    refused = [
        FieldError(name, "is its series' to say; edit the series, or clone the race")
        for column, name in _BY_SERIES.items()
        if getattr(change, column) not in {None, row[column]}
    ]
    if refused:
        raise BadInput(refused)
