"""Runs: a report is got, from the feed or from quarantine, and applied. One at a time over all processes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy import RowMapping
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import GoatedError
from goatedvips.kit.instants import rfc3339
from goatedvips.kit.postgres import first_words
from goatedvips.races.repository import Run
from goatedvips.sync.applying import Applying, Got
from goatedvips.sync.judge import Limits
from goatedvips.sync.outcome import Outcome, Progress, Stopwatch
from goatedvips.sync.packing import pack, unpack
from goatedvips.sync.quarantine.errors import ReportGone
from goatedvips.sync.quarantine.service import Review, next_review
from goatedvips.sync.repository import REVIEW, Closing, Counts, Runs
from goatedvips.sync.requests.repository import SyncRequests
from goatedvips.upstream.client import Answer, FeedClient

log = structlog.get_logger(__name__)

_TICK = timedelta(microseconds=1)


_BY_HAND = "manual"


@dataclass(slots=True)
class SyncService:
    """Takes reports over, one at a time. What it holds between runs is only a cache of the database."""

    engine: AsyncEngine
    feed: FeedClient
    clock: Clock
    limits: Limits
    _applying: Applying = field(init=False)

    def __post_init__(self) -> None:
        self._applying = Applying(self.engine, self.clock, self.limits)

    async def pull(self, kind: str, *, wait: bool = False, watcher: Progress | None = None) -> Outcome | None:
        """Fetch a report and apply it; return how it went, or None if another process has the turn.

        What goes wrong ends the run as failed or quarantined and changes nothing. Only what nobody thought
        of is raised, and what keeps the database from even recording the failure.
        """
        async with self._turn(wait=wait) as mine:
            if not mine:
                return None
            now = self.clock()
            async with self.engine.begin() as connection:
                run_id = await Runs(connection).open(kind, now)
                await SyncRequests(connection).take_pulls(run_id, now)
            watch = Stopwatch(watcher=watcher)
            return await self._ended(
                run_id, watch, lambda: self._fetched(run_id, watch, insist=kind == _BY_HAND)
            )

    async def apply_reviewed(self, *, wait: bool = False) -> Outcome | None:
        """Apply the quarantined report that was asked for first, in a run of its own that no judge stops.

        Return None if nobody asks for one that can be applied, or if another process has the turn.
        """
        async with self._turn(wait=wait) as mine:
            if not mine:
                return None
            now = self.clock()
            async with self.engine.begin() as connection:
                review = await next_review(connection, now)
                if review is None:
                    return None
                run_id = await Runs(connection).open(REVIEW, now)
                await SyncRequests(connection).take_review(review.request_id, now=now, run_id=run_id)
            watch = Stopwatch()
            return await self._ended(run_id, watch, lambda: self._reviewed(run_id, review, watch))

    async def _ended(self, run_id: int, watch: Stopwatch, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Do the work of a run that is open, and see that it ends."""
        try:
            outcome = await work()
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

    async def _fetched(self, run_id: int, watch: Stopwatch, *, insist: bool) -> Outcome:
        with watch.step("fetch"):
            answer = await self.feed.fetch(
                on_progress=lambda done, total: (
                    watch.watcher("fetch", done=done, total=total) if watch.watcher else None
                ),
                insist=insist,
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
            return await self._applying.repeat(run, sha256=sha256, last=dict(last), watch=watch)
        return await self._apply_or_fail(run, Got(answer.body, sha256), watch)

    async def _reviewed(self, run_id: int, review: Review, watch: Stopwatch) -> Outcome:
        with watch.step("fetch"):
            async with self.engine.connect() as connection:
                packed = await Runs(connection).body(review.sha256)
            if packed is None:
                raise ReportGone(review.run_id)
            body = await asyncio.to_thread(unpack, packed)
        # True for when the feed was asked; no report that was applied since is younger, or it were refused.
        run = Run(run_id, review.as_of)
        return await self._apply_or_fail(run, Got(body, review.sha256, review), watch)

    async def _apply_or_fail(self, run: Run, got: Got, watch: Stopwatch) -> Outcome:
        try:
            return await self._applying.apply(run, got, watch)
        except GoatedError as error:
            # The run names its report although nothing came of it: the bytes are what to look at.
            return await self._fail(run.id, watch=watch, error=error.detail, sha256=got.sha256)

    async def _keep(self, answer: Answer) -> tuple[bytes, RowMapping | None]:
        """Keep a report, and return its SHA-256 and the run that was applied last."""
        sha256, packed = await asyncio.to_thread(pack, answer.body)
        async with self.engine.begin() as connection:
            runs = Runs(connection)
            await runs.keep_report(
                sha256=sha256, packed=packed, size=len(answer.body), received_at=answer.answered_at
            )
            return sha256, await runs.last_completed()

    async def _fail(
        self, run_id: int, *, watch: Stopwatch, error: str, sha256: bytes | None = None
    ) -> Outcome:
        async with self.engine.begin() as connection:
            rests = self.feed.resting_until
            metadata = {"steps": watch.seconds} | ({"restsUntil": rfc3339(rests)} if rests else {})
            closing = Closing("failed", self.clock(), error=error, sha256=sha256, metadata=metadata)
            await Runs(connection).close(run_id, closing)
        return Outcome(run_id, "failed", Counts(), (), error, None, dict(watch.seconds))
