from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

# The last run before the end stands in for the boundary that does not come. Nothing was completed since, or
# the boundary would be set, so the race that follows starts where this one stops: nothing is lost between.
END_EARLY = text("""
    UPDATE wager_races AS race
       SET end_run_id = last.id, version = version + 1, updated_at = :now,
           metadata = metadata || jsonb_build_object('settleReason', CAST(:reason AS text))
      FROM (SELECT max(id) AS id FROM sync_logs WHERE status = 'completed') AS last
     WHERE race.id = :id AND status = 'live' AND end_run_id IS NULL AND start_run_id IS NOT NULL
       AND end_date <= :overdue
    RETURNING race.id
""")
START_EARLY = text("""
    UPDATE wager_races AS following
       SET start_run_id = ended.end_run_id, version = following.version + 1, updated_at = :now
      FROM wager_races AS ended
     WHERE ended.id = :id AND following.series_id = ended.series_id
       AND following.start_date = ended.end_date
       AND following.status IN ('scheduled', 'live') AND following.start_run_id IS NULL
    RETURNING following.id
""")
OVERDUE = text("""
    UPDATE wager_races
       SET version = version + 1, updated_at = :now,
           metadata = metadata || jsonb_build_object('overdueSince', to_jsonb(CAST(:now AS timestamptz)))
     WHERE status = 'live' AND end_run_id IS NULL AND end_date <= :overdue
       AND NOT metadata ? 'overdueSince'
    RETURNING id, name, end_date
""")


class LateEndings:
    """Races whose last report does not come. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def end_early(self, race_id: int, *, reason: str, overdue: datetime, now: datetime) -> bool:
        """End a race that ended by `overdue` with the last run there was; return whether it could be."""
        values = {"id": race_id, "reason": reason, "overdue": overdue, "now": now}
        if await self._connection.scalar(END_EARLY, values) is None:
            return False
        await self._connection.execute(START_EARLY, {"id": race_id, "now": now})
        return True

    async def mark_overdue(self, overdue: datetime, now: datetime) -> Sequence[RowMapping]:
        """Mark the races that ended by `overdue` and still wait for their boundary; return those newly so."""
        return (await self._connection.execute(OVERDUE, {"overdue": overdue, "now": now})).mappings().all()
