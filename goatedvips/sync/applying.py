"""The pipeline from a report's bytes on: decode, judge, diff, store, races, announce."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.kit.clock import Clock
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
    overruled,
    weigh,
)
from goatedvips.sync.last_report import Held, LastReport, frozen_windows
from goatedvips.sync.outcome import Outcome, Stopwatch
from goatedvips.sync.quarantine.service import Review, applied
from goatedvips.sync.repository import Closing, Counts, Runs
from goatedvips.sync.transformations import report_to_totals, totals_to_standings
from goatedvips.upstream.wire import Report, read_report
from goatedvips.wagers import service as wagers
from goatedvips.wagers.diff import Diff


@dataclass(frozen=True, slots=True)
class Got:
    """A report that is here, under the hash of its bytes, and who answers for it if somebody does."""

    body: bytes
    sha256: bytes
    review: Review | None = None


@dataclass(slots=True)
class Applying:
    """Takes what a report says over, for whoever has the turn."""

    engine: AsyncEngine
    clock: Clock
    limits: Limits
    _last: LastReport = field(init=False)

    def __post_init__(self) -> None:
        self._last = LastReport(self.limits)

    async def repeat(self, run: Run, *, sha256: bytes, last: Mapping[str, Any], watch: Stopwatch) -> Outcome:
        """Take over a report that is, byte for byte, the last one: only time has passed."""
        count = last["records_processed"]
        lasting = tuple(MarkFound(**mark) for mark in last["metadata"]["lasting"])
        tally = Tally(count, {}, {}, frozen_windows(last))
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

    async def apply(self, run: Run, got: Got, watch: Stopwatch) -> Outcome:
        """Apply a report, or quarantine it with the reasons; raise `UnreadableReport` if it is none."""
        with watch.step("decode"):
            async with self.engine.connect() as connection:
                held = await self._last.get(connection)
            report = await asyncio.to_thread(read_report, got.body, held.snapshot if held else None)
        tally = held.tally if held else None
        with watch.step("judge"):
            verdict = judge(report, tally, self.limits)
        if verdict.accepted or got.review:
            with watch.step("diff"):
                # Nobody else changes what is held: we have the turn.
                async with self.engine.connect() as connection:
                    changes = await wagers.compare(connection, report.new)
            verdict = weigh(verdict, changes, tally, self.limits)
        if got.review:
            verdict = overruled(verdict)
        if not verdict.accepted:
            return await self._quarantine(run, sha256=got.sha256, report=report, verdict=verdict, watch=watch)
        late = late_arrivals(changes, tally, rejected=held.rejected if held else (), limits=self.limits)
        if held:
            verdict = replace(verdict, passing=verdict.passing + late_mark(len(late)))
        outcome = await self._store(
            run, got, report=report, changes=changes, late=late, verdict=verdict, watch=watch
        )
        self._last.hold(Held.of(got.sha256, report, verdict.tally))
        return outcome

    async def _store(
        self,
        run: Run,
        got: Got,
        *,
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
            rejected = len(report.rejected)
            await Runs(connection).log_transformation(
                report_to_totals(run, counts, rejected=rejected, began=began, ended=self.clock())
            )
            outcome = await self._complete(
                connection, run, sha256=got.sha256, counts=counts, verdict=verdict, moved=moved, watch=watch
            )
            if got.review:
                await applied(connection, got.review, run_id=run.id, now=self.clock())
            return outcome

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
                totals_to_standings(run, advance, moved=len(moved), began=began, ended=self.clock())
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
