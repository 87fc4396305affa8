"""How a race is shown in a terminal."""

from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.cli.output import print_json, say
from goatedvips.kit.clock import utc_now
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.races import encoding
from goatedvips.races.keeper import RaceKeeper
from goatedvips.races.series.schemas import PlacePays, RacePreview

_STANDINGS = 10


async def shown(engine: AsyncEngine, race_id: int) -> dict[str, Any]:
    """Return a race as `WagerRaceResponse`."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        return await shown_by(connection, race_id)


async def shown_by(connection: AsyncConnection, race_id: int) -> dict[str, Any]:
    """Return a race as `WagerRaceResponse`, as this transaction sees it."""
    boards = await BoardKeeper().refresh(connection)
    race = await RaceKeeper().load(race_id, connection=connection, boards=boards)
    found: dict[str, Any] = msgspec.json.decode(encoding.page(race, utc_now()).body)
    return found


def answer(race: dict[str, Any], *, as_json: bool) -> None:
    """Print a race: as one object, or in lines."""
    if as_json:
        print_json(race)
        return
    facts = race["metadata"]
    line(race | {"phase": facts["phase"]})
    if facts["phase"] == "scheduled":
        say(f"  · version {facts['version']}; it can be edited until it begins")
    if facts["phase"] == "live":
        say(f"  · {_baseline(facts['boundaries']['start'])}")
    for mark in facts["marks"]:
        say(f"  · {mark['text']}")
    for prize in facts["prizes"]:
        say(f"  place {prize['place']}: {prize['amount']} dollars")
    for row in race["participants"][:_STANDINGS]:
        say(f"  {row['position']:>3}  {row['username']}  {row['wagered']} dollars")


def line(race: dict[str, Any]) -> None:
    """Print the line of a list."""
    say(
        f"{race['id']:>5}  {race['name']}: {race['phase']}, {race['prizePool']} dollars,"
        f" {race['startDate']} to {race['endDate']}"
    )


def answer_preview(preview: RacePreview, *, as_json: bool) -> None:
    """Print what a race would be."""
    if as_json:
        print_json(preview.model_dump(mode="json", by_alias=True))
        return
    say(f"{preview.local_start} to {preview.local_end} ({preview.timezone}), {preview.hours:g} hours")
    for note in preview.notes:
        say(f"  · {note.text}")
    say_prizes(preview.prizes, unpaid=preview.unpaid)


def say_prizes(places: list[PlacePays], *, unpaid: str) -> None:
    """Print what each place is paid."""
    for place in places:
        say(f"  place {place.place}: {place.amount} dollars")
    say(f"  to no place: {unpaid} dollars")


def _baseline(start: dict[str, Any] | None) -> str:
    """Say what a start that has been means for where everybody begins."""
    if start is None:
        return "It counts from the next report; what was wagered before that does not count."
    return f"It counts from the report of {start['asOf']}, the first at or after its start."
