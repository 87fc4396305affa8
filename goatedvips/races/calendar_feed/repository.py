from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

VERSION = text("SELECT coalesce(sum(version), 0) FROM wager_races")

FEED = text("""
    SELECT * FROM (
        SELECT * FROM wager_races
         WHERE status IN ('scheduled', 'live')
           AND (CAST(:type AS text) IS NULL OR type = :type)
        UNION ALL
        (SELECT * FROM wager_races
          WHERE status IN ('completed', 'cancelled')
            AND (CAST(:type AS text) IS NULL OR type = :type)
          ORDER BY end_date DESC, id DESC LIMIT :past)
    ) AS shown
     ORDER BY start_date, id
""")


class FeedRows:
    """Races as a calendar lists them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def version(self) -> int:
        """Return a number that rises with every change of any race."""
        return int(await self._connection.scalar(VERSION) or 0)

    async def races(self, race_type: str | None, *, past: int) -> list[dict[str, Any]]:
        """Return the races that are to come or go on, and the last ones that are over, by their start."""
        values = {"type": race_type, "past": past}
        return [dict(row) for row in (await self._connection.execute(FEED, values)).mappings()]
