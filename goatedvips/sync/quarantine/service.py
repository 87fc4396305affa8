"""Reports that were not believed: looked at, and applied or discarded, once each."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, record
from goatedvips.kit.errors import BadInput, Conflict
from goatedvips.kit.pagination import Pagination
from goatedvips.kit.schemas import Mark
from goatedvips.realtime.announce import announce
from goatedvips.sync.packing import unpack
from goatedvips.sync.quarantine.comparison import Compared, compare
from goatedvips.sync.quarantine.errors import (
    AlreadyDecided,
    ApplyUnderWay,
    Overtaken,
    QuarantinedRunNotFound,
    ReportGone,
)
from goatedvips.sync.quarantine.repository import Quarantine
from goatedvips.sync.quarantine.schemas import (
    Comparison,
    Decision,
    QuarantinedRun,
    QuarantinePage,
    QuarantineQuery,
)
from goatedvips.sync.requests.repository import SyncRequests
from goatedvips.sync.requests.schemas import SyncRequestView


@dataclass(frozen=True, slots=True)
class Review:
    """A quarantined report that somebody wants applied: whose run's, what it is true for, who and why."""

    request_id: int
    run_id: int
    as_of: datetime
    sha256: bytes
    reason: str
    actor: str


@dataclass(frozen=True, slots=True)
class KeptReports:
    """A report and the one that was applied before it, both compressed."""

    body: bytes
    before_run_id: int | None
    before_as_of: datetime | None
    before: bytes | None


async def listed(connection: AsyncConnection, query: QuarantineQuery) -> QuarantinePage:
    """Return a page of quarantined runs, newest first."""
    total, rows = await Quarantine(connection).page(
        reviewed=query.reviewed, limit=query.limit, offset=query.offset
    )
    asked = await SyncRequests(connection).last_of([row["id"] for row in rows])
    return QuarantinePage(
        data=[_shown(dict(row), asked.get(row["id"])) for row in rows],
        pagination=Pagination.of(total, query.page, query.limit),
    )


async def run_view(connection: AsyncConnection, run_id: int) -> QuarantinedRun:
    """Return a quarantined run; raise `QuarantinedRunNotFound`."""
    row = await Quarantine(connection).one(run_id)
    if row is None:
        raise QuarantinedRunNotFound(run_id)
    return _shown(dict(row), (await SyncRequests(connection).last_of([run_id])).get(run_id))


async def kept_reports(connection: AsyncConnection, run_id: int) -> KeptReports | None:
    """Return a quarantined run's report and the one that it was judged against; None if it was let go."""
    row = await Quarantine(connection).bodies(run_id)
    return None if row is None else KeptReports(*row.values())


async def compared(kept: KeptReports) -> Comparison:
    """Return what a report would change; seconds of work for a million players, in a thread."""
    found = await asyncio.to_thread(_compared, kept.body, kept.before)
    return Comparison(run_id=kept.before_run_id, as_of=kept.before_as_of, **dict(found))


async def request_apply(
    connection: AsyncConnection, run_id: int, *, reason: str, actor: str, now: datetime
) -> int:
    """Ask a worker to apply a quarantined report past the judge; return the request's number.

    Raise `QuarantinedRunNotFound`, `AlreadyDecided`, `ApplyUnderWay`, `Overtaken` or `ReportGone`.
    """
    run = await _undecided(connection, run_id)
    if (why := _why_not(run)) is not None:
        raise why
    reason = _reason(reason)
    request_id = await SyncRequests(connection).add(
        actor=actor, now=now, quarantined_run_id=run_id, reason=reason
    )
    await announce(connection, f"sync:{request_id}")
    act = Act("quarantine.apply_requested", f"run:{run_id}", {"request": request_id, "reason": reason})
    await record(connection, [act], actor=actor, at=now)
    return request_id


async def discard(
    connection: AsyncConnection, run_id: int, *, reason: str, actor: str, now: datetime
) -> None:
    """Decide that a quarantined report is never applied.

    Raise `QuarantinedRunNotFound`, `AlreadyDecided` or `ApplyUnderWay`.
    """
    await _undecided(connection, run_id)
    reason = _reason(reason)
    await Quarantine(connection).decide(run_id, "discarded", reason=reason, actor=actor, now=now)
    act = Act("quarantine.discarded", f"run:{run_id}", {"reason": reason})
    await record(connection, [act], actor=actor, at=now)


async def next_review(connection: AsyncConnection, now: datetime) -> Review | None:
    """Return the report that was asked for first and can be applied; refuse those before it that cannot.

    For whoever has the turn, so that no report comes in between.
    """
    requests, quarantine = SyncRequests(connection), Quarantine(connection)
    while (asked := await requests.next_review()) is not None:
        run_id = asked["quarantined_run_id"]
        row = await quarantine.one(run_id)
        why = QuarantinedRunNotFound(run_id) if row is None else _why_not(_shown(dict(row), None))
        if row is not None and why is None:
            return Review(
                request_id=asked["id"],
                run_id=run_id,
                as_of=row["as_of"],
                sha256=bytes(row["report_sha256"]),
                reason=asked["reason"],
                actor=asked["requested_by"],
            )
        assert why is not None  # noqa: S101 - else it was returned
        await requests.take_review(asked["id"], now=now, error=why.detail)
    return None


async def applied(connection: AsyncConnection, review: Review, *, run_id: int, now: datetime) -> None:
    """Write down that a report was applied, in the transaction that does it; raise `AlreadyDecided`."""
    if not await Quarantine(connection).decide(
        review.run_id, "applied", reason=review.reason, actor=review.actor, now=now
    ):
        raise AlreadyDecided(review.run_id, "decided about", "somebody else")
    details = {"request": review.request_id, "run": run_id, "by": review.actor}
    await record(
        connection, [Act("quarantine.applied", f"run:{review.run_id}", details)], actor="worker", at=now
    )


async def _undecided(connection: AsyncConnection, run_id: int) -> QuarantinedRun:
    """Hold a quarantined run about which nothing is decided or under way; raise what stands against it."""
    if not await Quarantine(connection).hold(run_id):
        raise QuarantinedRunNotFound(run_id)
    run = await run_view(connection, run_id)
    if run.decision is not None:
        raise AlreadyDecided(run_id, run.decision.decision, run.decision.by)
    if run.request is not None and run.request.is_under_way:
        raise ApplyUnderWay(run_id, run.request.id)
    return run


def _why_not(run: QuarantinedRun) -> Conflict | None:
    """Return what stands against applying a report."""
    if run.decision is not None:
        return AlreadyDecided(run.run_id, run.decision.decision, run.decision.by)
    if run.is_overtaken:
        return Overtaken(run.run_id)
    return None if run.is_kept else ReportGone(run.run_id)


def _reason(text: str) -> str:
    if not (reason := text.strip()):
        raise BadInput.field("reason", "say why; the audit log keeps it")
    return reason


def _compared(body: bytes, before: bytes | None) -> Compared:
    return compare(unpack(body), None if before is None else unpack(before))


def _shown(row: Mapping[str, Any], request: Mapping[str, Any] | None) -> QuarantinedRun:
    decision = None
    if row["decision"] is not None:
        decision = Decision(
            decision=row["decision"], reason=row["reason"], by=row["decided_by"], at=row["decided_at"]
        )
    return QuarantinedRun(
        run_id=row["id"],
        start_time=row["start_time"],
        as_of=row["as_of"],
        report_sha256=bytes(row["report_sha256"]).hex(),
        size=row["size"],
        listed=row["records_processed"],
        reasons=row["metadata"].get("reasons", []),
        marks=[Mark.model_validate(mark) for mark in row["metadata"].get("marks", [])],
        is_kept=row["is_kept"],
        is_overtaken=row["is_overtaken"],
        decision=decision,
        request=None if request is None else SyncRequestView.of(request),
    )
