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


async def make_room(connection: AsyncConnection, parent: Partitioned, instant: datetime) -> None:
    """Make sure that there is a partition for rows of this instant."""
    await connection.execute(_MAKE, {"parent": parent, "day": instant.astimezone(UTC).date()})


async def drop_room(connection: AsyncConnection, parent: Dropped, before: date) -> list[str]:
    """Drop the partitions that end by this day (UTC); return their names."""
    return list(await connection.scalar(_DROP, {"parent": parent, "before": before}) or [])
