from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

_WANTED = """
       (CAST(:status AS text) IS NULL OR status = :status)
   AND (CAST(:from AS timestamptz) IS NULL OR start_time >= :from)
   AND (CAST(:to AS timestamptz) IS NULL OR start_time < :to)
   AND (CAST(:after AS bigint) IS NULL OR id < :after)
"""
_COUNTS = "status, records_processed, records_created, records_updated, records_skipped, start_time, end_time"

RUNS = text(f"""
    SELECT id, sync_type, target_entity, {_COUNTS}, as_of, encode(report_sha256, 'hex') AS report_sha256,
           error, metadata
      FROM sync_logs
     WHERE {_WANTED} AND (CAST(:type AS text) IS NULL OR sync_type = :type)
     ORDER BY id DESC LIMIT :many
""")
TRANSFORMATIONS = text(f"""
    SELECT id, run_id, transformation_type, source_type, {_COUNTS}, error, metadata
      FROM transformation_logs
     WHERE {_WANTED} AND (CAST(:type AS text) IS NULL OR transformation_type = :type)
       AND (CAST(:run AS bigint) IS NULL OR run_id = :run)
     ORDER BY id DESC LIMIT :many
""")


class SyncLogs:
    """Runs and their steps, for whoever looks back."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def runs(self, wanted: Mapping[str, Any], *, after: int | None, many: int) -> Sequence[RowMapping]:
        """Return the newest runs that are wanted and come after one."""
        values = {**wanted, "after": after, "many": many}
        return (await self._connection.execute(RUNS, values)).mappings().all()

    async def transformations(
        self, wanted: Mapping[str, Any], *, after: int | None, many: int
    ) -> Sequence[RowMapping]:
        """Return the newest steps that are wanted and come after one."""
        values = {**wanted, "after": after, "many": many}
        return (await self._connection.execute(TRANSFORMATIONS, values)).mappings().all()
