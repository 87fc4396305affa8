"""Leave a feed alone that keeps failing, and try it again later, once at a time.

closed ──(`threshold` failures in a row)──> open ──(`rest` is over)──> half-open
  ^                                          ^                            │
  └────────────────(success)────────────────────────────(one trial)───────┤
                                             └────────────(failure)───────┘
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from goatedvips.kit.clock import Clock
from goatedvips.upstream.errors import CircuitOpen


class Phase(StrEnum):
    """Whether the feed may be asked: yes, no, or once to see."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(slots=True)
class CircuitBreaker:
    """Counts failures in a row; knows nothing of what it guards."""

    clock: Clock
    threshold: int = 5
    rest: timedelta = timedelta(minutes=10)
    _failures: int = field(default=0, init=False)
    _open_until: datetime | None = field(default=None, init=False)

    @property
    def phase(self) -> Phase:
        """The phase at this moment; it follows from the clock."""
        if self._open_until is None:
            return Phase.CLOSED
        return Phase.OPEN if self.clock() < self._open_until else Phase.HALF_OPEN

    @property
    def resting_until(self) -> datetime | None:
        """Until when the feed is left alone, if it is now."""
        return self._open_until if self.phase is Phase.OPEN else None

    def admit(self) -> None:
        """Let one caller through, who then reports how it went; raise `CircuitOpen` otherwise."""
        if self._open_until is None:
            return
        now = self.clock()
        if now < self._open_until:
            raise CircuitOpen(self._open_until)
        # One trial at a time; if it is never heard of again, there is another after the same rest.
        self._open_until = now + self.rest

    def succeeded(self) -> None:
        """Close again."""
        self._failures = 0
        self._open_until = None

    def failed(self) -> None:
        """Count a failure; open at the threshold, and at once after a failed trial."""
        self._failures += 1
        if self._failures >= self.threshold:
            self._open_until = self.clock() + self.rest

    def abandoned(self) -> None:
        """Forget a call that was given up before it could succeed or fail."""
        if self._open_until is not None:
            self._open_until = self.clock()
