from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.races.rules.payouts import Status

AWARDS = text("""
    SELECT race_id, status, count(*) AS awards, sum(amount)::bigint AS amount
      FROM race_awards WHERE race_id = ANY(CAST(:races AS bigint[]))
     GROUP BY race_id, status
""")


class AwardsOfRaces:
    """What is owed and paid of races. Only reads."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def totals(self, races: Collection[int]) -> dict[int, dict[Status, tuple[int, int]]]:
        """Return how many awards there are and their cents, by race and status."""
        totals: dict[int, dict[Status, tuple[int, int]]] = {race_id: {} for race_id in races}
        for row in await self._connection.execute(AWARDS, {"races": list(races)}):
            totals[row.race_id][row.status] = (row.awards, row.amount)
        return totals
