"""What players had by the report of a past run, rebuilt from readings."""

from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.bulk import bigint_array, read_bigints
from goatedvips.kit.windows import PERIODS, Period

Column: TypeAlias = NDArray[np.int64]

# Run ids and moments rise together. The moment picks the months; the id is what counts.
TRUE_FOR = text("""
    SELECT as_of FROM sync_logs WHERE status = 'completed' AND id <= :run_id ORDER BY id DESC LIMIT 1
""")

# An amount that no later report changed is still the present one.
_UNCHANGED = """
    SELECT wanted.player_id, total.{amount} AS amount, total.{amount}_run AS reached
      FROM unnest(CAST(%(players)s AS bigint[])) AS wanted(player_id)
      JOIN wager_totals AS total ON total.player_id = wanted.player_id
     WHERE total.{amount}_run <= %(run_id)s
"""

# The amount is that of the last reading; it was reached with the first reading after the last other one.
_BACK_THEN = """
    SELECT wanted.player_id, last.amount, first.run_id AS reached
      FROM unnest(CAST(%(players)s AS bigint[])) AS wanted(player_id)
     CROSS JOIN LATERAL (
           SELECT {amount} AS amount FROM wager_readings
            WHERE player_id = wanted.player_id AND as_of <= %(as_of)s AND run_id <= %(run_id)s
            ORDER BY as_of DESC LIMIT 1
     ) AS last
      LEFT JOIN LATERAL (
           SELECT as_of FROM wager_readings
            WHERE player_id = wanted.player_id AND as_of <= %(as_of)s AND run_id <= %(run_id)s
              AND {amount} <> last.amount
            ORDER BY as_of DESC LIMIT 1
     ) AS other ON true
     CROSS JOIN LATERAL (
           SELECT run_id FROM wager_readings
            WHERE player_id = wanted.player_id AND as_of <= %(as_of)s AND run_id <= %(run_id)s
              AND as_of > coalesce(other.as_of, '-infinity')
            ORDER BY as_of LIMIT 1
     ) AS first
"""

UNCHANGED = {period: sql.SQL(_UNCHANGED.format(amount=period)) for period in PERIODS}
BACK_THEN = {period: sql.SQL(_BACK_THEN.format(amount=period)) for period in PERIODS}


class History:
    """Past amounts, in arrays: a million of them are no Python objects on the way. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def true_for(self, run_id: int) -> datetime | None:
        """Return the moment of the last completed run up to this one."""
        moment: datetime | None = await self._connection.scalar(TRUE_FOR, {"run_id": run_id})
        return moment

    async def unchanged(self, players: Column, *, run_id: int, period: Period) -> Column:
        """Return the amounts of those players that no later report changed: player, amount, reached."""
        return await self._read(UNCHANGED[period], {"players": bigint_array(players), "run_id": run_id})

    async def back_then(self, players: Column, *, run_id: int, as_of: datetime, period: Period) -> Column:
        """Return amounts by the run, from readings: player, amount, reached; `as_of` is the run's moment."""
        values = {"players": bigint_array(players), "run_id": run_id, "as_of": as_of}
        return await self._read(BACK_THEN[period], values)

    async def _read(self, query: sql.SQL, values: dict[str, Any]) -> Column:
        return await read_bigints(self._connection, query, values, columns=3)
