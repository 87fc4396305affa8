from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.partitions import make_room

TARGET = "wagers"
REVIEW = "review"
"""The kind of a run that asks no feed, but applies a report that was quarantined."""

# An arbitrary constant: it names the one lock under which runs take turns.
TURN = text("SELECT pg_advisory_xact_lock(73401)")
TURN_IF_FREE = text("SELECT pg_try_advisory_xact_lock(73401)")

# Whoever has the turn knows that nobody else runs: a row that says so was left by a process that died.
FAIL_DEAD = text("""
    UPDATE sync_logs
       SET status = 'failed', end_time = :now, error = 'The process that made this run died before its end.'
     WHERE status = 'running'
""")

OPEN = text("""
    INSERT INTO sync_logs (sync_type, target_entity, start_time)
    VALUES (:kind, 'wagers', :now)
    RETURNING id
""")

CLOSE = text("""
    UPDATE sync_logs
       SET status = :status, end_time = :now, error = :error, as_of = :as_of, report_sha256 = :sha256,
           records_processed = :processed, records_created = :created,
           records_updated = :updated, records_skipped = :skipped, metadata = :metadata
     WHERE id = :id AND status = 'running'
    RETURNING id
""").bindparams(bindparam("metadata", type_=JSONB))

LAST_COMPLETED = text("""
    SELECT id, as_of, report_sha256, records_processed, metadata FROM sync_logs
     WHERE status = 'completed' ORDER BY id DESC LIMIT 1
""")

LAST = text("SELECT id, start_time, end_time, status, as_of, error FROM sync_logs ORDER BY id DESC LIMIT 1")

LAST_FETCH = text(f"""
    SELECT start_time, status FROM sync_logs WHERE sync_type <> '{REVIEW}' ORDER BY id DESC LIMIT 1
""")

RECENT = text("SELECT * FROM sync_logs ORDER BY id DESC LIMIT :limit")

KEEP_REPORT = text("""
    INSERT INTO feed_reports (sha256, body, size, received_at)
    VALUES (:sha256, :body, :size, :received_at)
    ON CONFLICT (sha256) DO UPDATE SET received_at = EXCLUDED.received_at
""")

KEEP_FOR_EVER = text("UPDATE feed_reports SET is_boundary = true WHERE sha256 = :sha256 AND NOT is_boundary")

BODY = text("SELECT body FROM feed_reports WHERE sha256 = :sha256")

LOG_TRANSFORMATION = text("""
    INSERT INTO transformation_logs (run_id, transformation_type, source_type, records_processed,
                                     records_created, records_updated, records_skipped,
                                     start_time, end_time, status, metadata)
    VALUES (:run_id, :transformation_type, :source_type, :processed, :created, :updated, :skipped,
            :start_time, :end_time, 'completed', :metadata)
""").bindparams(bindparam("metadata", type_=JSONB))


class RunTakenOver(RuntimeError):
    """Another process declared this run dead; nothing of it may be committed."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a report; `processed` is the sum of the others."""

    processed: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Closing:
    """How a run ended."""

    status: str
    now: datetime
    error: str | None = None
    as_of: datetime | None = None
    sha256: bytes | None = None
    counts: Counts = Counts()
    metadata: dict[str, Any] | None = None


class Runs:
    """Runs, the reports they got and what was made of them. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take_turn(self, *, wait: bool) -> bool:
        """Hold the turn to the transaction's end; return False if another has it and we do not wait."""
        # The turn lasts as long as the feed takes, and its transaction idles meanwhile.
        await self._connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        if wait:
            await self._connection.execute(TURN)
            return True
        return bool(await self._connection.scalar(TURN_IF_FREE))

    async def open(self, kind: str, now: datetime) -> int:
        """Begin a run, after closing what a dead process left open; return its id."""
        await self._connection.execute(FAIL_DEAD, {"now": now})
        run_id: int = await self._connection.scalar(OPEN, {"kind": kind, "now": now})
        return run_id

    async def close(self, run_id: int, closing: Closing) -> None:
        """End a run; raise `RunTakenOver` if it is not ours any more."""
        values = {
            "id": run_id,
            "status": closing.status,
            "now": closing.now,
            "error": closing.error,
            "as_of": closing.as_of,
            "sha256": closing.sha256,
            "processed": closing.counts.processed,
            "created": closing.counts.created,
            "updated": closing.counts.updated,
            "skipped": closing.counts.skipped,
            "metadata": closing.metadata or {},
        }
        if await self._connection.scalar(CLOSE, values) is None:
            raise RunTakenOver(f"run {run_id} was declared dead by another process")

    async def last_completed(self) -> RowMapping | None:
        """Return the newest run that was applied."""
        return (await self._connection.execute(LAST_COMPLETED)).mappings().one_or_none()

    async def last(self) -> RowMapping | None:
        """Return the newest run, however it ended."""
        return (await self._connection.execute(LAST)).mappings().one_or_none()

    async def last_fetch(self) -> RowMapping | None:
        """Return when the newest run that asked the feed began, and how it ended."""
        return (await self._connection.execute(LAST_FETCH)).mappings().one_or_none()

    async def recent(self, limit: int) -> Sequence[RowMapping]:
        """Return the newest runs, newest first."""
        return (await self._connection.execute(RECENT, {"limit": limit})).mappings().all()

    async def keep_report(self, *, sha256: bytes, packed: bytes, size: int, received_at: datetime) -> None:
        """Keep a compressed report, once for each content."""
        values = {"sha256": sha256, "body": packed, "size": size, "received_at": received_at}
        await self._connection.execute(KEEP_REPORT, values)

    async def keep_for_ever(self, sha256: bytes) -> None:
        """Never let this report go: a race starts or ends with it."""
        await self._connection.execute(KEEP_FOR_EVER, {"sha256": sha256})

    async def body(self, sha256: bytes) -> bytes | None:
        """Return a kept report, still compressed."""
        packed: bytes | None = await self._connection.scalar(BODY, {"sha256": sha256})
        return packed

    async def log_transformation(self, values: dict[str, Any]) -> None:
        """Record one step that turned data into other data."""
        await make_room(self._connection, "transformation_logs", values["start_time"])
        await self._connection.execute(LOG_TRANSFORMATION, values)
