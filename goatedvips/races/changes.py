"""The SQL of races that have not begun and may still be changed. Never commits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

_COLUMNS = (
    "name",
    "type",
    "start_date",
    "end_date",
    "prize_pool",
    "prizes",
    "tie_policy",
    "reject_policy",
    "min_wager",
    "timezone",
    "metadata",
)

HELD = text("SELECT * FROM wager_races WHERE id = :id")

NOT_BEGUN = text("""
    SELECT race.*, race.start_date = (SELECT max(other.start_date) FROM wager_races AS other
                                       WHERE other.series_id = race.series_id) AS is_newest
      FROM wager_races AS race
     WHERE race.status = 'scheduled' AND race.start_date > :now
       AND race.series_id IS NOT NULL AND race.series_id = coalesce(CAST(:series AS bigint), race.series_id)
     ORDER BY race.series_id, race.start_date
""")

CHANGE = text("""
    UPDATE wager_races
       SET name = :name, type = :type, start_date = :start_date, end_date = :end_date,
           prize_pool = :prize_pool, prizes = :prizes, tie_policy = :tie_policy,
           reject_policy = :reject_policy, min_wager = :min_wager, timezone = :timezone,
           metadata = :metadata, version = version + 1, updated_at = :now
     WHERE id = :id AND status = 'scheduled' AND start_date > :now AND version = :version
    RETURNING id
""").bindparams(bindparam("prizes", type_=JSONB), bindparam("metadata", type_=JSONB))


class UnbegunRaces:
    """Races that have not begun, whatever their stored status says of the past second."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def race(self, race_id: int) -> dict[str, Any] | None:
        """Return a race, begun or not."""
        row = (await self._connection.execute(HELD, {"id": race_id})).mappings().one_or_none()
        return None if row is None else dict(row)

    async def of_series(self, series_id: int | None, *, now: datetime) -> list[dict[str, Any]]:
        """Return those of a series, or of all series, in order; `is_newest` if the next race follows it."""
        found = await self._connection.execute(NOT_BEGUN, {"series": series_id, "now": now})
        return [dict(row) for row in found.mappings()]

    async def change(self, before: Mapping[str, Any], values: Mapping[str, Any], *, now: datetime) -> bool:
        """Give a race these columns; return whether it still was as before, and had not begun."""
        columns = {column: values.get(column, before[column]) for column in _COLUMNS}
        guard = {"id": before["id"], "version": before["version"], "now": now}
        return (await self._connection.scalar(CHANGE, columns | guard)) is not None
