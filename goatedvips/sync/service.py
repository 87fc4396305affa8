"""The pipeline: fetch, judge, diff, apply, advance, announce. One run at a time over all processes."""

import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import RowMapping
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import GoatedError
from goatedvips.kit.postgres import first_words
from goatedvips.kit.windows import Period
from goatedvips.races import engine as race_engine
from goatedvips.races.repository import Run
from goatedvips.realtime.announce import announce
from goatedvips.sync.judge import (
    Limits,
    MarkFound,
    Tally,
    Verdict,
    judge,
    late_arrivals,
    late_mark,
    weigh,
)
from goatedvips.sync.outcome import Outcome, Progress, Stopwatch
from goatedvips.sync.repository import Closing, Counts, Runs
from goatedvips.upstream.client import Answer, FeedClient
from goatedvips.upstream.wire import Report, Snapshot, read_report
from goatedvips.wagers import service as wagers
from goatedvips.wagers.diff import Diff

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

log = structlog.get_logger(__name__)

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Held:
    """The last report that was applied: what the next one is compared with."""

    sha256: bytes
    snapshot: Snapshot
    tally: Tally
    rejected: frozenset[str | None]
    """The uids of rows that could not be read; None for a row that did not even say whose it is."""


def _held(sha256: bytes, report: Report, tally: Tally) -> Held:
    return Held(sha256, report.snapshot, tally, frozenset(bad.uid for bad in report.rejected))


@dataclass(slots=True)
class SyncService:
    """Takes reports over, one at a time. What it holds between runs is only a cache of the database."""

    engine: AsyncEngine
    feed: FeedClient
    clock: Clock
    limits: Limits
    _held: Held | None = field(default=None, init=False)

    async def pull(self, kind: str, *, wait: bool = False, watcher: Progress | None = None) -> Outcome | None:
        """Fetch a report and apply it; return how it went, or None if another process has the turn.

        What goes wrong ends the run as failed or quarantined and changes nothing. Only what nobody thought
        of is raised, and what keeps the database from even recording the failure.
        """
        async with self._turn(wait=wait) as mine:
            if not mine:
                return None
            watch = Stopwatch(watcher=watcher)
            async with self.engine.begin() as connection:
                run_id = await Runs(connection).open(kind, self.clock())
            try:
                outcome = await self._run(run_id, watch)
            except GoatedError as error:
                outcome = await self._fail(run_id, watch=watch, error=error.detail)
            except (OperationalError, InterfaceError) as error:
                # Its own trouble: a full disk, a connection that is gone.
                said = f"The database could not store it: {first_words(error)}."
                outcome = await self._fail(run_id, watch=watch, error=said)
            except Exception as error:
                log.exception("sync.crashed", run_id=run_id)
                await self._fail(run_id, watch=watch, error=f"An error of ours: {type(error).__name__}.")
                raise
            tell = log.info if outcome.status == "completed" else log.warning
            tell(
                "sync.ended",
                run_id=run_id,
                status=outcome.status,
                rows=outcome.counts.processed,
                created=outcome.counts.created,
                updated=outcome.counts.updated,
                marks=[mark.code for mark in outcome.marks],
                error=outcome.error,
                seconds=round(sum(outcome.steps.values()), 3),
            )
            return outcome

    @asynccontextmanager
    async def _turn(self, *, wait: bool) -> AsyncIterator[bool]:
        # A transaction that only holds the lock: it keeps no snapshot, so it holds up no vacuum, and the
        # lock goes with the connection when the process dies.
        async with self.engine.connect() as connection, connection.begin():
            yield await Runs(connection).take_turn(wait=wait)

    async def _run(self, run_id: int, watch: Stopwatch) -> Outcome:
        with watch.step("fetch"):
            answer = await self.feed.fetch(
                on_progress=lambda done, total: (
                    watch.watcher("fetch", done=done, total=total) if watch.watcher else None
                )
            )
        with watch.step("store"):
            # Kept whatever becomes of it: a report that is refused is the evidence why.
            sha256, last = await self._keep(answer)
        as_of = answer.asked_at
        if last is not None:
            # Clocks step back; the order of reports must not.
            as_of = max(as_of, last["as_of"] + _TICK)
        run = Run(run_id, as_of)
        if last is not None and bytes(last["report_sha256"]) == sha256:
            return await self._repeat(run, sha256=sha256, last=dict(last), watch=watch)
        try:
            return await self._apply(run, answer=answer, sha256=sha256, watch=watch)
        except GoatedError as error:
            # The run names its report although nothing came of it: the bytes are what to look at.
            return await self._fail(run.id, watch=watch, error=error.detail, sha256=sha256)

    async def _keep(self, answer: Answer) -> tuple[bytes, RowMapping | None]:
        """Keep a report, and return its SHA-256 and the run that was applied last."""
        sha256, packed = await asyncio.to_thread(_pack, answer.body)
        async with self.engine.begin() as connection:
            runs = Runs(connection)
            await runs.keep_report(
                sha256=sha256, packed=packed, size=len(answer.body), received_at=answer.answered_at
            )
            return sha256, await runs.last_completed()

    async def _repeat(self, run: Run, *, sha256: bytes, last: Mapping[str, Any], watch: Stopwatch) -> Outcome:
        """Take over a report that is, byte for byte, the last one: only time has passed."""
        count = last["records_processed"]
        lasting = tuple(MarkFound(**mark) for mark in last["metadata"]["lasting"])
        tally = Tally(count, {}, {}, _frozen(last))
        async with self.engine.begin() as connection:
            return await self._complete(
                connection,
                run,
                sha256=sha256,
                counts=Counts(processed=count, skipped=count),
                verdict=Verdict((), lasting, (), tally),
                moved=[],
                watch=watch,
            )

    async def _apply(self, run: Run, *, answer: Answer, sha256: bytes, watch: Stopwatch) -> Outcome:
        with watch.step("decode"):
            held = await self._last_applied()
            report = await asyncio.to_thread(read_report, answer.body, held.snapshot if held else None)
        tally = held.tally if held else None
        with watch.step("judge"):
            verdict = judge(report, tally, self.limits)
        if verdict.accepted:
            with watch.step("diff"):
                # Nobody else changes what is held: we have the turn.
                async with self.engine.connect() as connection:
                    changes = await wagers.compare(connection, report.new)
            verdict = weigh(verdict, changes, tally, self.limits)
        if not verdict.accepted:
            return await self._quarantine(run, sha256=sha256, report=report, verdict=verdict, watch=watch)
        late = late_arrivals(changes, tally, rejected=held.rejected if held else (), limits=self.limits)
        if held:
            verdict = replace(verdict, passing=verdict.passing + late_mark(len(late)))
        outcome = await self._store(
            run, sha256=sha256, report=report, changes=changes, late=late, verdict=verdict, watch=watch
        )
        self._held = _held(sha256, report, verdict.tally)
        return outcome

    async def _store(
        self,
        run: Run,
        *,
        sha256: bytes,
        report: Report,
        changes: Diff,
        late: frozenset[str],
        verdict: Verdict,
        watch: Stopwatch,
    ) -> Outcome:
        began = self.clock()
        created, updated = len(changes.newcomers), changes.updated
        counts = Counts(report.listed, created, updated, report.listed - created - updated)
        async with self.engine.begin() as connection:
            with watch.step("store"):
                moved = await wagers.store(connection, changes, late=late, run_id=run.id, as_of=run.as_of)
            await Runs(connection).log_transformation(
                _transformation("report_to_totals", "feed_report", run, began=began, ended=self.clock())
                | {"processed": report.listed, "created": created, "updated": updated}
                | {"skipped": counts.skipped, "metadata": {"rejected": len(report.rejected)}}
            )
            return await self._complete(
                connection, run, sha256=sha256, counts=counts, verdict=verdict, moved=moved, watch=watch
            )

    async def _complete(
        self,
        connection: AsyncConnection,
        run: Run,
        *,
        sha256: bytes,
        counts: Counts,
        verdict: Verdict,
        moved: list[wagers.Baseline],
        watch: Stopwatch,
    ) -> Outcome:
        """Move the races on, close the run and announce it, in the transaction that stored its amounts."""
        runs, began = Runs(connection), self.clock()
        with watch.step("races"):
            advance = await race_engine.advance(connection, run, moved=moved, now=began)
            if advance.is_boundary:
                await runs.keep_for_ever(sha256)
        if advance.acts or moved:
            await runs.log_transformation(
                _transformation("totals_to_standings", "wager_totals", run, began=began, ended=self.clock())
                | {"processed": len(moved), "created": len(advance.made), "updated": len(advance.acts)}
                | {"skipped": 0, "metadata": {"begun": advance.begun, "ended": advance.ended}}
            )
        with watch.step("announce"):
            await announce(connection, f"run:{run.id}")
        metadata = {
            "marks": [mark.as_json() for mark in verdict.marks],
            "lasting": [mark.as_json() for mark in verdict.lasting],
            "frozen": sorted(verdict.tally.frozen),
            "steps": watch.seconds,
        }
        await runs.close(
            run.id,
            Closing(
                "completed", self.clock(), as_of=run.as_of, sha256=sha256, counts=counts, metadata=metadata
            ),
        )
        return Outcome(run.id, "completed", counts, verdict.marks, None, run.as_of, dict(watch.seconds))

    async def _quarantine(
        self, run: Run, *, sha256: bytes, report: Report, verdict: Verdict, watch: Stopwatch
    ) -> Outcome:
        error = f"Quarantined: {'; '.join(verdict.reasons)}."
        counts = Counts(processed=report.listed, skipped=report.listed)
        metadata = {
            "reasons": list(verdict.reasons),
            "marks": [mark.as_json() for mark in verdict.marks],
            "steps": watch.seconds,
        }
        async with self.engine.begin() as connection:
            await Runs(connection).close(
                run.id,
                Closing(
                    "quarantined",
                    self.clock(),
                    error=error,
                    as_of=run.as_of,
                    sha256=sha256,
                    counts=counts,
                    metadata=metadata,
                ),
            )
        return Outcome(run.id, "quarantined", counts, verdict.marks, error, run.as_of, dict(watch.seconds))

    async def _fail(
        self, run_id: int, *, watch: Stopwatch, error: str, sha256: bytes | None = None
    ) -> Outcome:
        async with self.engine.begin() as connection:
            closing = Closing(
                "failed", self.clock(), error=error, sha256=sha256, metadata={"steps": watch.seconds}
            )
            await Runs(connection).close(run_id, closing)
        return Outcome(run_id, "failed", Counts(), (), error, None, dict(watch.seconds))

    async def _last_applied(self) -> Held | None:
        """Return the last applied report, read again from the database if another process applied it."""
        async with self.engine.connect() as connection:
            last = await Runs(connection).last_completed()
            if last is None:
                return None
            sha256 = bytes(last["report_sha256"])
            if self._held is not None and self._held.sha256 == sha256:
                return self._held
            packed = await Runs(connection).body(sha256)
        if packed is None:
            return None
        report = await asyncio.to_thread(lambda: read_report(zstd.decompress(packed)))
        tally = judge(report, None, self.limits).tally
        return _held(sha256, report, replace(tally, frozen=_frozen(dict(last))))


def _frozen(run: Mapping[str, Any]) -> frozenset[Period]:
    return frozenset(Period(name) for name in run["metadata"]["frozen"])


def _pack(body: bytes) -> tuple[bytes, bytes]:
    """Return the SHA-256 of a report and the report compressed."""
    # Level 1: digits hardly compress further, and a report of a million players is 128 MB.
    return hashlib.sha256(body).digest(), zstd.compress(body, 1)


def _transformation(kind: str, source: str, run: Run, *, began: datetime, ended: datetime) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "transformation_type": kind,
        "source_type": source,
        "start_time": began,
        "end_time": ended,
    }
