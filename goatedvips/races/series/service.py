"""What people do with series, and what keeps the races that are made in step with them.

Each verb holds the races still, so that no race is made under a rule that is just being changed, and ends
with the audit record.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, record
from goatedvips.kit.errors import BadInput
from goatedvips.kit.ids import as_id
from goatedvips.races.changes import UnbegunRaces
from goatedvips.races.repository import Races
from goatedvips.races.rules.calendar import Window, resumed_window, window_from
from goatedvips.races.series.errors import SeriesChanged, SeriesNotFound
from goatedvips.races.series.instances import OF_THE_SERIES, name_of_race, race_of_series, rule_of
from goatedvips.races.series.preview import preview_series
from goatedvips.races.series.repository import SeriesRows
from goatedvips.races.series.schemas import SeriesCreate, SeriesEdit, SeriesPreview, SeriesView
from goatedvips.races.series.terms import merged, series_columns, series_view
from goatedvips.races.service import begin
from goatedvips.races.terms import as_told, differences
from goatedvips.realtime.announce import announce

_TABLE = frozenset({"prize_pool", "prizes", "reject_policy"})
"""What is checked together reaches a race together."""


async def series_id_of(connection: AsyncConnection, said: str) -> int:
    """Return the id of the series that somebody names by number or by name; raise `SeriesNotFound`."""
    rows, number = SeriesRows(connection), as_id(said)
    row = await rows.by_name(said) if number is None else await rows.by_id(number)
    if row is None:
        raise SeriesNotFound(said)
    found: int = row["id"]
    return found


async def list_series(connection: AsyncConnection, now: datetime) -> list[SeriesView]:
    """Return every series with its races that go on or are to come."""
    rows = SeriesRows(connection)
    series = await rows.all()
    races = await rows.open_races([each["id"] for each in series], now=now)
    return [series_view(each, races) for each in series]


async def show_series(connection: AsyncConnection, series_id: int, now: datetime) -> SeriesView:
    """Return a series with its races that go on or are to come; raise `SeriesNotFound`."""
    rows = SeriesRows(connection)
    series = await _held(rows, series_id)
    return series_view(series, await rows.open_races([series_id], now=now))


async def preview_of(
    connection: AsyncConnection, series_id: int, *, now: datetime, count: int
) -> SeriesPreview:
    """Return the next races of a series, made or to be made; raise `SeriesNotFound`."""
    series = await _held(SeriesRows(connection), series_id)
    made = await UnbegunRaces(connection).of_series(series_id, now=now)
    return preview_series(series, now=now, count=count, made=made)


async def create_series(
    connection: AsyncConnection, wanted: SeriesCreate, *, actor: str, now: datetime
) -> int:
    """Make a series and return its id; the next tick makes its races. Raises `BadInput` at the fields."""
    columns = series_columns(wanted)
    _refuse_number(wanted.name)
    await Races(connection).hold_still()
    series_id = await SeriesRows(connection).add(columns | {"enabled": True})
    if series_id is None:
        raise _name_taken()
    await announce(connection, "races")
    act = Act("series.created", f"series:{series_id}", as_told(columns))
    await record(connection, [act], actor=actor, at=now)
    return series_id


async def edit_series(
    connection: AsyncConnection,
    series_id: int,
    change: SeriesEdit,
    *,
    actor: str,
    now: datetime,
    if_version: int | None = None,
) -> list[int]:
    """Change a series and every race of it that has not begun; return the ids of these.

    Races that have begun keep their rules. Of the others the start stays, since an end is the next start.
    Raises `SeriesNotFound`, `SeriesChanged`, or `BadInput` naming every field that is wrong.
    """
    rows = SeriesRows(connection)
    before = await _held_still(connection, series_id, if_version)
    columns = series_columns(merged(before, change))
    if columns["name"] != before["name"]:
        _refuse_number(columns["name"])
        if await rows.by_name(columns["name"]):
            raise _name_taken()
    told = differences(before, columns)
    if not told:
        return []
    if not await rows.change(before, columns):
        raise SeriesChanged(series_id, before["version"])
    acts = [Act("series.edited", f"series:{series_id}", told)]
    acts += await _reach_races(connection, before, before | columns, now=now)
    await announce(connection, "races")
    await record(connection, acts, actor=actor, at=now)
    return [int(act.subject.partition(":")[2]) for act in acts[1:]]


async def enable_series(
    connection: AsyncConnection,
    series_id: int,
    *,
    actor: str,
    now: datetime,
    if_version: int | None = None,
) -> None:
    """Let a series make races again, from now on: none for the time in which it was off."""
    before = await _held_still(connection, series_id, if_version)
    if before["enabled"]:
        return
    await SeriesRows(connection).change(before, {"enabled": True})
    acts = [Act("series.enabled", f"series:{series_id}", {})]
    if before["newest_start"] is not None and before["newest_end"] <= now:
        newest = Window(before["newest_start"], before["newest_end"])
        window = resumed_window(rule_of(before), newest, now)
        races = Races(connection)
        race_id = await races.add(race_of_series(before, window))
        assert race_id is not None  # noqa: S101 - it starts after the newest
        acts.append(Act("race.scheduled", f"race:{race_id}", {}))
        acts += await begin(races, now=now)
    await announce(connection, "races")
    await record(connection, acts, actor=actor, at=now)


async def disable_series(
    connection: AsyncConnection,
    series_id: int,
    *,
    actor: str,
    now: datetime,
    if_version: int | None = None,
) -> None:
    """Let a series make no more races. Those that are made stay; who wants them gone cancels them."""
    before = await _held_still(connection, series_id, if_version)
    if not before["enabled"]:
        return
    await SeriesRows(connection).change(before, {"enabled": False})
    await announce(connection, "races")
    await record(connection, [Act("series.disabled", f"series:{series_id}", {})], actor=actor, at=now)


async def refit_scheduled(connection: AsyncConnection, now: datetime) -> list[Act]:
    """Move the ends of races that have not begun to where their series' rule, as the zone now is, has them.

    Only a series' newest race is moved: the end of any other is the next one's start. Returns what to
    record, for a caller that holds the races still and does more before it records.
    """
    series = {each["id"]: each for each in await SeriesRows(connection).all()}
    unbegun = UnbegunRaces(connection)
    acts = []
    for race in await unbegun.of_series(None, now=now):
        end_date = _end_by_rule(race, series[race["series_id"]])
        if end_date == race["end_date"] or not await unbegun.change(race, {"end_date": end_date}, now=now):
            continue
        told = differences(race, {"end_date": end_date})
        acts.append(Act("race.refitted", f"race:{race['id']}", told))
    return acts


async def _reach_races(
    connection: AsyncConnection, before: Mapping[str, Any], after: Mapping[str, Any], *, now: datetime
) -> list[Act]:
    """Give a series' races that have not begun what was changed of it; return the acts, one a race."""
    changed = {column for column in OF_THE_SERIES if before[column] != after[column]}
    if changed & _TABLE:
        changed |= _TABLE
    unbegun = UnbegunRaces(connection)
    acts = []
    for race in await unbegun.of_series(before["id"], now=now):
        window = Window(race["start_date"], race["end_date"])
        values = {column: after[column] for column in changed} | {"end_date": _end_by_rule(race, after)}
        # Who gave a race a name of its own meant it.
        if race["name"] == name_of_race(before, window):
            values["name"] = name_of_race(after, window)
        if told := differences(race, values):
            await unbegun.change(race, values, now=now)
            acts.append(Act("race.edited", f"race:{race['id']}", told))
    return acts


def _end_by_rule(race: Mapping[str, Any], series: Mapping[str, Any]) -> datetime:
    end: datetime = race["end_date"]
    return window_from(rule_of(series), race["start_date"]).ends_at if race["is_newest"] else end


async def _held(rows: SeriesRows, series_id: int) -> dict[str, Any]:
    row = await rows.by_id(series_id)
    if row is None:
        raise SeriesNotFound(series_id)
    return row


async def _held_still(connection: AsyncConnection, series_id: int, if_version: int | None) -> dict[str, Any]:
    await Races(connection).hold_still()
    row = await _held(SeriesRows(connection), series_id)
    if if_version not in {None, row["version"]}:
        raise SeriesChanged(series_id, row["version"])
    return row


def _refuse_number(name: str) -> None:
    if as_id(name) is not None:
        raise BadInput.field("name", "must not be a number: a series is also asked for by its number")


def _name_taken() -> BadInput:
    return BadInput.field("name", "there is a series of this name already")
