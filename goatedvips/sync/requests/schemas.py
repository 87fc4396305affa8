from collections.abc import Mapping
from typing import Any, Literal

from goatedvips.kit.schemas import Instant, Mark, Schema

RunStatus = Literal["running", "completed", "failed", "quarantined"]


class RunView(Schema):
    """One attempt to get a report and apply it; seconds by step."""

    run_id: int
    type: str
    start_time: Instant
    end_time: Instant | None
    as_of: Instant | None
    status: RunStatus
    records_processed: int
    records_created: int
    records_updated: int
    records_skipped: int
    marks: list[Mark]
    steps: dict[str, float]
    error: str | None

    @classmethod
    def of(cls, run: Mapping[str, Any]) -> "RunView":
        """Show a run by the columns of its row."""
        return cls(
            run_id=run["id"],
            type=run["sync_type"],
            start_time=run["start_time"],
            end_time=run["end_time"],
            as_of=run["as_of"],
            status=run["status"],
            records_processed=run["records_processed"],
            records_created=run["records_created"],
            records_updated=run["records_updated"],
            records_skipped=run["records_skipped"],
            marks=[Mark.model_validate(mark) for mark in run["metadata"].get("marks", [])],
            steps=run["metadata"].get("steps", {}),
            error=run["error"],
        )


class SyncRequestView(Schema):
    """What somebody asked of a worker, and what became of it.

    It waits until a worker takes it on; `refused` says in `error` why no run came of it.
    """

    id: int
    kind: Literal["pull", "apply"]
    quarantined_run_id: int | None
    reason: str | None
    requested_by: str
    requested_at: Instant
    taken_at: Instant | None
    status: Literal["waiting", "refused"] | RunStatus
    run_id: int | None
    error: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "SyncRequestView":
        """Show a request by the columns of its row and its run's."""
        return cls(
            id=row["id"],
            kind="pull" if row["quarantined_run_id"] is None else "apply",
            quarantined_run_id=row["quarantined_run_id"],
            reason=row["reason"],
            requested_by=row["requested_by"],
            requested_at=row["requested_at"],
            taken_at=row["taken_at"],
            status=row["run_status"] or ("waiting" if row["taken_at"] is None else "refused"),
            run_id=row["run_id"],
            error=row["error"] or row["run_error"],
        )

    @property
    def is_under_way(self) -> bool:
        """Whether it is still to be seen what becomes of it."""
        return self.status in {"waiting", "running"}


class SyncStatus(Schema):
    """How reports come in: the newest runs, and what was asked of workers (what waits first).

    `feed_rests_until` is told while a worker leaves the feed alone because it failed too often.
    """

    runs: list[RunView]
    requests: list[SyncRequestView]
    feed_rests_until: Instant | None
