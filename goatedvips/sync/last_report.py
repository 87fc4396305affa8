"""The last report that was applied: what the next one is compared with."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.windows import Period
from goatedvips.sync.judge import Limits, Tally, judge
from goatedvips.sync.packing import unpack
from goatedvips.sync.repository import Runs
from goatedvips.upstream.wire import Report, Snapshot, read_report


@dataclass(frozen=True, slots=True)
class Held:
    """What must be known of it."""

    sha256: bytes
    snapshot: Snapshot
    tally: Tally
    rejected: frozenset[str | None]
    """The uids of rows that could not be read; None for a row that did not even say whose it is."""

    @classmethod
    def of(cls, sha256: bytes, report: Report, tally: Tally) -> "Held":
        """Hold a report."""
        return cls(sha256, report.snapshot, tally, frozenset(bad.uid for bad in report.rejected))


class LastReport:
    """Holds it between runs; only a cache of the database, which is asked whether it still is the last."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held: Held | None = None

    def hold(self, held: Held) -> None:
        """Hold what was applied just now."""
        self._held = held

    async def get(self, connection: AsyncConnection) -> Held | None:
        """Return it, read again if another process applied it; None before the first."""
        last = await Runs(connection).last_completed()
        if last is None:
            return None
        sha256 = bytes(last["report_sha256"])
        if self._held is not None and self._held.sha256 == sha256:
            return self._held
        packed = await Runs(connection).body(sha256)
        if packed is None:
            return None
        report = await asyncio.to_thread(lambda: read_report(unpack(packed)))
        tally = judge(report, None, self._limits).tally
        return Held.of(sha256, report, replace(tally, frozen=frozen_windows(dict(last))))


def frozen_windows(run: Mapping[str, Any]) -> frozenset[Period]:
    """Return which windows stood still by a run."""
    return frozenset(Period(name) for name in run["metadata"]["frozen"])
