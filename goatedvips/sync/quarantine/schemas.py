from typing import Annotated, Literal

from pydantic import Field

from goatedvips.kit.pagination import PageQuery, Pagination
from goatedvips.kit.schemas import Instant, Mark, Schema, Submission
from goatedvips.sync.quarantine.comparison import Compared
from goatedvips.sync.requests.schemas import SyncRequestView


class QuarantineQuery(PageQuery):
    """Which quarantined runs: decided about, or not yet; all unless told otherwise."""

    reviewed: bool | None = None


class Decide(Submission):
    """Why a quarantined report is applied, or discarded; the audit log keeps it."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Decision(Schema):
    """What was decided about a report, by whom."""

    decision: Literal["applied", "discarded"]
    reason: str
    by: str
    at: Instant


class QuarantinedRun(Schema):
    """A run whose report was read and not believed.

    `is_overtaken`: a later report was applied since, so that this one cannot be. `is_kept`: its bytes are
    still there. `request` is the last that somebody made to apply it.
    """

    run_id: int
    start_time: Instant
    as_of: Instant
    report_sha256: str
    size: int | None
    listed: int
    reasons: list[str]
    marks: list[Mark]
    is_kept: bool
    is_overtaken: bool
    decision: Decision | None
    request: SyncRequestView | None


class QuarantinePage(Schema):
    """A page of quarantined runs, newest first."""

    data: list[QuarantinedRun]
    pagination: Pagination


class Comparison(Compared):
    """The same, and which report it is compared with: of this run, null before the first."""

    run_id: int | None
    as_of: Instant | None


class QuarantinedReport(Schema):
    """A quarantined run with what its report says; the comparison is null if the report was let go."""

    run: QuarantinedRun
    comparison: Comparison | None
