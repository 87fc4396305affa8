from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

# Whoever decides about a run holds its row, so that nobody else decides meanwhile.
HOLD = text("SELECT id FROM sync_logs WHERE id = :id AND status = 'quarantined' FOR NO KEY UPDATE")

_RUN = """
    SELECT run.id, run.start_time, run.as_of, run.report_sha256, run.records_processed, run.error,
           run.metadata, report.size, report.sha256 IS NOT NULL AS is_kept,
           review.decision, review.reason, review.decided_by, review.decided_at,
           coalesce(run.as_of <= (SELECT as_of FROM sync_logs WHERE status = 'completed'
                                   ORDER BY id DESC LIMIT 1), false) AS is_overtaken
      FROM sync_logs AS run
      LEFT JOIN feed_reports AS report ON report.sha256 = run.report_sha256
      LEFT JOIN quarantine_reviews AS review ON review.run_id = run.id
     WHERE run.status = 'quarantined'
"""
ONE = text(f"{_RUN} AND run.id = :id")
PAGE = text(f"""
    {_RUN} AND (CAST(:reviewed AS boolean) IS NULL OR :reviewed = (review.run_id IS NOT NULL))
     ORDER BY run.id DESC LIMIT :limit OFFSET :offset
""")
COUNT = text("""
    SELECT count(*)
      FROM sync_logs AS run LEFT JOIN quarantine_reviews AS review ON review.run_id = run.id
     WHERE run.status = 'quarantined'
       AND (CAST(:reviewed AS boolean) IS NULL OR :reviewed = (review.run_id IS NOT NULL))
""")

DECIDE = text("""
    INSERT INTO quarantine_reviews (run_id, decision, reason, decided_by, decided_at)
    VALUES (:run_id, :decision, :reason, :actor, :now)
    ON CONFLICT (run_id) DO NOTHING
    RETURNING run_id
""")

# The run that was applied last before a quarantined one is what that was judged against.
BODIES = text("""
    SELECT now.body AS body, before.id AS before_id, before.as_of AS before_as_of,
           (SELECT body FROM feed_reports WHERE sha256 = before.report_sha256) AS before_body
      FROM sync_logs AS run
      JOIN feed_reports AS now ON now.sha256 = run.report_sha256
      LEFT JOIN LATERAL (
           SELECT id, as_of, report_sha256 FROM sync_logs
            WHERE status = 'completed' AND id < run.id ORDER BY id DESC LIMIT 1
      ) AS before ON true
     WHERE run.id = :id
""")


class Quarantine:
    """Reports that were not believed, and what was decided about them. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hold(self, run_id: int) -> bool:
        """Lock a quarantined run until the transaction ends; return False if there is none."""
        return await self._connection.scalar(HOLD, {"id": run_id}) is not None

    async def one(self, run_id: int) -> RowMapping | None:
        """Return a quarantined run with what was decided."""
        return (await self._connection.execute(ONE, {"id": run_id})).mappings().one_or_none()

    async def page(
        self, *, reviewed: bool | None, limit: int, offset: int
    ) -> tuple[int, Sequence[RowMapping]]:
        """Return how many there are, decided or not or of both kinds, and a page of them, newest first."""
        total = int(await self._connection.scalar(COUNT, {"reviewed": reviewed}) or 0)
        values = {"reviewed": reviewed, "limit": limit, "offset": offset}
        return total, (await self._connection.execute(PAGE, values)).mappings().all()

    async def decide(self, run_id: int, decision: str, *, reason: str, actor: str, now: datetime) -> bool:
        """Write down what was decided; return False if something was before."""
        values = {"run_id": run_id, "decision": decision, "reason": reason, "actor": actor, "now": now}
        return await self._connection.scalar(DECIDE, values) is not None

    async def bodies(self, run_id: int) -> RowMapping | None:
        """Return a run's report and the one it was judged against, compressed; None if it was let go."""
        return (await self._connection.execute(BODIES, {"id": run_id})).mappings().one_or_none()
