"""What is let go, and when."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.idempotency import service as idempotency
from goatedvips.kit.partitions import drop_room
from goatedvips.outbox.service import forget

log = structlog.get_logger(__name__)

TRANSFORMATIONS_KEPT = timedelta(days=30)
"""The seed's rule."""
EVENTS_KEPT = timedelta(days=30)
"""Events of the outbox, counted from when they were delivered."""

# The last applied report is what the next one is compared with. A race that was made for the past has
# a boundary that was none when its report was kept.
_OLD_REPORTS = text("""
    DELETE FROM feed_reports AS report
     WHERE NOT is_boundary AND received_at < :before
       AND sha256 IS DISTINCT FROM (
           SELECT report_sha256 FROM sync_logs WHERE status = 'completed' ORDER BY id DESC LIMIT 1)
       AND NOT EXISTS (
           SELECT FROM wager_races AS race
             JOIN sync_logs AS run ON run.id IN (race.start_run_id, race.end_run_id)
            WHERE run.report_sha256 = report.sha256)
""")


async def tidy(connection: AsyncConnection, *, now: datetime, report_age: timedelta) -> tuple[int, int, int]:
    """Let old raw reports, transformation logs and delivered events go; return how many of each.

    Idempotency keys go with them, after their day. Boundary reports stay for ever: they prove where a race
    started and ended.
    """
    reports = await connection.execute(_OLD_REPORTS, {"before": now - report_age})
    logs = await drop_room(connection, "transformation_logs", (now - TRANSFORMATIONS_KEPT).date())
    events = await forget(connection, now - EVENTS_KEPT)
    await idempotency.forget(connection, now)
    gone = (reports.rowcount, len(logs), events)
    if any(gone):
        log.info("retention.tidied", reports=reports.rowcount, transformation_logs=len(logs), events=events)
    return gone
