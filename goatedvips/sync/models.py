from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base

_COUNTS = "records_processed >= 0 AND records_created >= 0 AND records_updated >= 0 AND records_skipped >= 0"


class Work:
    """The columns that the seed gives to everything that goes through records and ends in some way."""

    records_processed: Mapped[int] = mapped_column(server_default="0")
    records_created: Mapped[int] = mapped_column(server_default="0")
    records_updated: Mapped[int] = mapped_column(server_default="0")
    records_skipped: Mapped[int] = mapped_column(server_default="0")
    start_time: Mapped[datetime]
    end_time: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(server_default="running")
    error: Mapped[str | None]
    # The attribute cannot be called metadata: SQLAlchemy keeps its tables there.
    details: Mapped[dict[str, Any]] = mapped_column("metadata", server_default=text("'{}'"))


class FeedReport(Base):
    """One answer of the feed, byte for byte, compressed with Zstandard, under its SHA-256."""

    __tablename__ = "feed_reports"
    __table_args__ = (CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),)

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    """Bytes before compression."""
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    is_boundary: Mapped[bool] = mapped_column(server_default=text("false"))
    """Kept for ever: a race starts or ends with it."""


class SyncLog(Work, Base):
    """A run: one attempt to fetch a report and apply it. The seed's columns, and what it was true for."""

    __tablename__ = "sync_logs"
    __table_args__ = (
        CheckConstraint("status IN ('running', 'completed', 'failed', 'quarantined')", name="status"),
        CheckConstraint(_COUNTS, name="counts_not_negative"),
        CheckConstraint("(status = 'running') = (end_time IS NULL)", name="ended_has_end_time"),
        CheckConstraint(
            "status <> 'completed' OR (as_of IS NOT NULL AND report_sha256 IS NOT NULL)",
            name="completed_has_report",
        ),
        Index("ix_sync_logs_completed", "id", postgresql_where=text("status = 'completed'")),
        Index(
            "uq_sync_logs_running",
            "target_entity",
            unique=True,
            postgresql_where=text("status = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    sync_type: Mapped[str]
    target_entity: Mapped[str]
    as_of: Mapped[datetime | None]
    """When the feed was asked: what the report says is true for this moment at the earliest."""
    report_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)


class SyncRequest(Base):
    """What an administrator asks of a worker: to pull now, or to apply a report that was quarantined."""

    __tablename__ = "sync_requests"
    __table_args__ = (
        CheckConstraint("quarantined_run_id IS NULL OR reason IS NOT NULL", name="says_why"),
        Index("ix_sync_requests_waiting", "id", postgresql_where=text("taken_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    quarantined_run_id: Mapped[int | None] = mapped_column(ForeignKey("sync_logs.id"))
    """Whose report is to be applied; null to ask the feed."""
    reason: Mapped[str | None]
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("sync_logs.id"))
    """The run that came of it."""
    error: Mapped[str | None]


class QuarantineReview(Base):
    """What was decided about a quarantined report; once."""

    __tablename__ = "quarantine_reviews"
    __table_args__ = (CheckConstraint("decision IN ('applied', 'discarded')", name="decision"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("sync_logs.id"), primary_key=True)
    decision: Mapped[str]
    reason: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]


class TransformationLog(Work, Base):
    """One step that turned data into other data, with the seed's columns.

    Partitioned by day and kept 30 days.
    """

    __tablename__ = "transformation_logs"
    __table_args__ = (
        CheckConstraint("status IN ('running', 'completed', 'failed')", name="status"),
        CheckConstraint(_COUNTS, name="counts_not_negative"),
        Index("ix_transformation_logs_run_id", "run_id"),
        {"postgresql_partition_by": "RANGE (start_time)"},
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    start_time: Mapped[datetime] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("sync_logs.id"))
    transformation_type: Mapped[str]
    source_type: Mapped[str]
