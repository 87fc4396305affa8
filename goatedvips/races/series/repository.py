from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

_COLUMNS = (
    "name",
    "type",
    "timezone",
    "start_hour",
    "start_day",
    "prize_pool",
    "prizes",
    "tie_policy",
    "reject_policy",
    "min_wager",
    "enabled",
)

SERIES = """
    SELECT series.*, newest.start_date AS newest_start, newest.end_date AS newest_end
      FROM race_series AS series
      LEFT JOIN LATERAL (
           SELECT race.start_date, race.end_date FROM wager_races AS race
            WHERE race.series_id = series.id ORDER BY race.start_date DESC LIMIT 1
      ) AS newest ON true
"""

ALL = text(f"{SERIES} ORDER BY series.id")
BY_ID = text(f"{SERIES} WHERE series.id = :id")
BY_NAME = text(f"{SERIES} WHERE series.name = :name")

ADD = text(f"""
    INSERT INTO race_series ({", ".join(_COLUMNS)})
    VALUES ({", ".join(f":{column}" for column in _COLUMNS)})
    ON CONFLICT (name) DO NOTHING
    RETURNING id
""").bindparams(bindparam("prizes", type_=JSONB))

CHANGE = text(f"""
    UPDATE race_series SET {", ".join(f"{column} = :{column}" for column in _COLUMNS)}, version = version + 1
     WHERE id = :id AND version = :version
    RETURNING id
""").bindparams(bindparam("prizes", type_=JSONB))

OPEN = text("""
    SELECT id, series_id, name, start_date, end_date, status FROM wager_races
     WHERE series_id = ANY(CAST(:series AS bigint[])) AND status IN ('scheduled', 'live') AND end_date > :now
     ORDER BY start_date
""")


class SeriesRows:
    """Series, each with the bounds of its newest race. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[dict[str, Any]]:
        """Return every series."""
        return [dict(row) for row in (await self._connection.execute(ALL)).mappings()]

    async def by_id(self, series_id: int) -> dict[str, Any] | None:
        """Return one series."""
        row = (await self._connection.execute(BY_ID, {"id": series_id})).mappings().one_or_none()
        return None if row is None else dict(row)

    async def by_name(self, name: str) -> dict[str, Any] | None:
        """Return the series of a name."""
        row = (await self._connection.execute(BY_NAME, {"name": name})).mappings().one_or_none()
        return None if row is None else dict(row)

    async def add(self, values: Mapping[str, Any]) -> int | None:
        """Add a series; return its id, or None if there is one of its name."""
        columns = {column: values[column] for column in _COLUMNS}
        series_id: int | None = await self._connection.scalar(ADD, columns)
        return series_id

    async def change(self, before: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
        """Give a series these columns; return whether it still was as before."""
        columns = {column: values.get(column, before[column]) for column in _COLUMNS}
        guard = {"id": before["id"], "version": before["version"]}
        return (await self._connection.scalar(CHANGE, columns | guard)) is not None

    async def open_races(self, series: Sequence[int], *, now: datetime) -> list[dict[str, Any]]:
        """Return the races of these series that go on or are to come, in order."""
        found = await self._connection.execute(OPEN, {"series": list(series), "now": now})
        return [dict(row) for row in found.mappings()]
