"""How a run ended, as people and programs are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from typing import Literal, Protocol

from goatedvips.sync.judge import MarkFound
from goatedvips.sync.repository import Counts

Status = Literal["completed", "failed", "quarantined"]
STEPS = ("fetch", "decode", "judge", "diff", "store", "races", "announce")


class Progress(Protocol):
    """Somebody who watches a run."""

    def __call__(self, step: str, *, done: int = 0, total: int | None = None) -> None:
        """Hear of the present step, with the bytes it has got through if it knows them."""


@dataclass(slots=True)
class Stopwatch:
    """Seconds per step."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))
    watcher: Progress | None = None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step and tell the watcher that it began."""
        if self.watcher:
            self.watcher(name)
        began = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds[name] + perf_counter() - began, 6)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run. `error` is a sentence; `as_of` the moment the amounts are true for."""

    run_id: int
    status: Status
    counts: Counts
    marks: tuple[MarkFound, ...]
    error: str | None
    as_of: datetime | None
    steps: dict[str, float]

    def as_json(self) -> dict[str, object]:
        """Return the object that `goatedvips sync --json` prints."""
        return {
            "runId": self.run_id,
            "status": self.status,
            "recordsProcessed": self.counts.processed,
            "recordsCreated": self.counts.created,
            "recordsUpdated": self.counts.updated,
            "recordsSkipped": self.counts.skipped,
            "marks": [mark.as_json() for mark in self.marks],
            "error": self.error,
            "steps": self.steps,
        }
