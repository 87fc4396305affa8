"""Tables in partitions: by the month or the day (UTC), made and dropped by the owner on our behalf.

The functions are those of the migrations: the role that serves may create no table by itself.
"""

from datetime import UTC, date, datetime
from typing import Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Partitioned = Literal["wager_readings", "transformation_logs", "api_request_logs"]
Dropped = Literal["transformation_logs", "api_request_logs"]

_MAKE = text("SELECT make_room(:parent, :day)")
_DROP = text("SELECT drop_room(:parent, :before)")
# One for each table: whoever does not get it may rely on another who goes on with that table to the end.
_TURN_IF_FREE = text("SELECT pg_try_advisory_xact_lock(73404, hashtext(:parent))")
# Half of what PostgreSQL waits before it looks for a deadlock: it is we who give way.
_HURRY = text("SET LOCAL lock_timeout = '500ms'")
# By their ranges, as drop_room does it: FOR VALUES FROM ('…') TO ('2026-11-25 00:00:00+00').
_OLD = text(r"""
    SELECT ends FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
     CROSS JOIN LATERAL (
           SELECT (CAST(substring(pg_get_expr(child.relpartbound, child.oid) FROM 'TO \(''([^'']+)''\)')
                        AS timestamptz) AT TIME ZONE 'UTC')::date AS ends) AS bound
     WHERE inhparent = CAST(:parent AS regclass) AND ends <= :before
     ORDER BY ends
""")


async def make_room(connection: AsyncConnection, parent: Partitioned, instant: datetime) -> None:
    """Make sure that there is a partition for rows of this instant."""
    await connection.execute(_MAKE, {"parent": parent, "day": instant.astimezone(UTC).date()})


async def drop_room(connection: AsyncConnection, parent: Dropped, before: date) -> list[str]:
    """Drop the partitions that end by this day (UTC); return their names."""
    return list(await connection.scalar(_DROP, {"parent": parent, "before": before}) or [])


async def old_days(connection: AsyncConnection, parent: Dropped, before: date) -> list[date]:
    """Return the ends of the partitions that end by this day (UTC), oldest first."""
    return list((await connection.execute(_OLD, {"parent": parent, "before": before})).scalars())


async def take_turn(connection: AsyncConnection, parent: Dropped) -> bool:
    """Tell whether nobody else drops partitions of it now; to the end of the transaction nobody else may."""
    return bool(await connection.scalar(_TURN_IF_FREE, {"parent": parent}))


async def hurry(connection: AsyncConnection) -> None:
    """Give up, to the end of the transaction, what others hold for long.

    To drop a partition needs its table for oneself, and whoever reads it meanwhile waits as well.
    """
    await connection.execute(_HURRY)
