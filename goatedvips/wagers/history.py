"""What players had by the report of a past run, rebuilt from readings."""

from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from psycopg import AsyncConnection as Psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.windows import Period

Column: TypeAlias = NDArray[np.int64]
Found: TypeAlias = NDArray[np.void]
"""Rows of `player`, `amount` and `reached`, in no order."""

# Run ids and moments rise together. The moment picks the months; the id is what counts.
_TRUE_FOR = text("""
    SELECT as_of FROM sync_logs WHERE status = 'completed' AND id <= :run_id ORDER BY id DESC LIMIT 1
""")

# An amount that no later report changed is still the present one.
_UNCHANGED = sql.SQL("""
    COPY (SELECT wanted.player_id, total.{amount}, total.{reached}
            FROM unnest(CAST(%(players)s AS bigint[])) AS wanted(player_id)
            JOIN wager_totals AS total ON total.player_id = wanted.player_id
           WHERE total.{reached} <= %(run_id)s) TO STDOUT (FORMAT binary)
""")

# The amount is that of the last reading; it was reached with the first reading after the last other one.
_BACK_THEN = sql.SQL("""
    COPY (SELECT wanted.player_id, last.amount, first.run_id
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
           ) AS first) TO STDOUT (FORMAT binary)
""")

# PostgreSQL's binary COPY: a header of 19 bytes, rows of length-prefixed big-endian fields, a trailer of 2.
_HEADER, _TRAILER = 19, 2
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("player_size", ">i4"),
        ("player", ">i8"),
        ("amount_size", ">i4"),
        ("amount", ">i8"),
        ("reached_size", ">i4"),
        ("reached", ">i8"),
    ]
)


class History:
    """Past amounts, in arrays: a million of them are no Python objects on the way. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def true_for(self, run_id: int) -> datetime | None:
        """Return the moment of the last completed run up to this one."""
        moment: datetime | None = await self._connection.scalar(_TRUE_FOR, {"run_id": run_id})
        return moment

    async def unchanged(self, players: Column, *, run_id: int, period: Period) -> Found:
        """Return the amounts of those players that no report after the run changed."""
        return await self._copy(_UNCHANGED, period, {"players": players, "run_id": run_id})

    async def back_then(self, players: Column, *, run_id: int, as_of: datetime, period: Period) -> Found:
        """Return the amounts of players by the run, from their readings; `as_of` is the run's moment."""
        values = {"players": players, "run_id": run_id, "as_of": as_of}
        return await self._copy(_BACK_THEN, period, values)

    async def _copy(self, statement: sql.SQL, period: Period, values: dict[str, Any]) -> Found:
        columns = {"amount": sql.Identifier(period), "reached": sql.Identifier(f"{period}_run")}
        query = statement.format(**columns)
        # As text: psycopg would look at each number of a list.
        players = f"{{{','.join(map(str, values['players'].tolist()))}}}"
        raw = await self._connection.get_raw_connection()
        driver = raw.driver_connection
        assert isinstance(driver, Psycopg)  # noqa: S101 - there is no other driver here
        async with driver.cursor() as cursor, cursor.copy(query, values | {"players": players}) as copy:
            body = b"".join([bytes(block) async for block in copy])
        return np.frombuffer(body, _ROW, (len(body) - _HEADER - _TRAILER) // _ROW.itemsize, _HEADER)
