from typing import Annotated, Any, Literal

from pydantic import Field

from goatedvips.kit.cursors import CursorQuery, SpanQuery
from goatedvips.kit.schemas import Instant, RowId, Schema

_Type = Annotated[str | None, Field(min_length=1, max_length=64)]


class SyncLogFilter(SpanQuery):
    """Which runs, by when they began: all that is given must hold."""

    status: Literal["running", "completed", "failed", "quarantined"] | None = None
    type: Annotated[_Type, Field(description="Why it ran: scheduled, boundary, manual, …")] = None


class SyncLogQuery(SyncLogFilter, CursorQuery):
    """Which page of them."""


class TransformationLogFilter(SpanQuery):
    """Which steps, by when they began: all that is given must hold."""

    status: Literal["running", "completed", "failed"] | None = None
    type: Annotated[_Type, Field(description="What was made of what, like report_to_totals")] = None
    run: Annotated[RowId | None, Field(description="Of which run")] = None


class TransformationLogQuery(TransformationLogFilter, CursorQuery):
    """Which page of them."""


class SyncLogEntry(Schema):
    """One attempt to fetch a report and apply it."""

    id: int
    sync_type: str
    target_entity: str
    status: str
    records_processed: int
    records_created: int
    records_updated: int
    records_skipped: int
    start_time: Instant
    end_time: Instant | None
    as_of: Instant | None
    report_sha256: str | None
    error: str | None
    metadata: dict[str, Any]


class TransformationLogEntry(Schema):
    """One step that turned data into other data."""

    id: int
    run_id: int
    transformation_type: str
    source_type: str
    status: str
    records_processed: int
    records_created: int
    records_updated: int
    records_skipped: int
    start_time: Instant
    end_time: Instant | None
    error: str | None
    metadata: dict[str, Any]


class SyncLogPage(Schema):
    """Runs, newest first."""

    data: list[SyncLogEntry]
    next_cursor: str | None


class TransformationLogPage(Schema):
    """Steps, newest first. They are kept for 30 days."""

    data: list[TransformationLogEntry]
    next_cursor: str | None
