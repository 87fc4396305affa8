"""Whether a failed attempt is worth another one, and after how long."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from goatedvips.upstream.errors import UpstreamError

PASSING = frozenset({429, 500, 502, 503, 504})
"""Answers that may be another in a moment."""
MOST_MISSING = 2
"""Spells of 404 have been seen, so it is asked again, but not as often: mostly 404 means a wrong address."""


class Passing(Exception):
    """An attempt failed in a way that may pass; `error` is what to raise if it does not."""

    def __init__(
        self, error: UpstreamError, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(error.detail)
        self.error = error
        self.status = status
        self.retry_after = retry_after


@dataclass(slots=True)
class Patience:
    """The rule for one fetch: full jitter, or what the feed asks for, each up to `longest_wait` seconds.

    `left` tells the seconds left for all attempts together; no wait outlasts them.
    """

    first_wait: float
    longest_wait: float
    left: Callable[[], float]
    chance: Callable[[float, float], float] = random.uniform
    seen: list[str] = field(default_factory=list)
    _missing: int = 0

    def wait(self, failure: Exception) -> float | bool:
        """Return the seconds to wait before the next attempt, or `False` for none."""
        if not isinstance(failure, Passing):
            return False
        self.seen.append(failure.error.detail)
        if failure.status == HTTPStatus.NOT_FOUND:
            self._missing += 1
            if self._missing > MOST_MISSING:
                return False
        pause = self._pause(failure)
        return False if pause >= self.left() else pause

    def _pause(self, failure: Passing) -> float:
        if failure.retry_after is not None:
            return min(failure.retry_after, self.longest_wait)
        # Full jitter: many clients that failed together must not come back together.
        doubled = self.first_wait * 2.0 ** (len(self.seen) - 1)
        return self.chance(0.0, min(doubled, self.longest_wait))


def retry_after(header: str | None, now: datetime) -> float | None:
    """Read `Retry-After`, seconds or an HTTP date, as seconds from now; `None` if it says neither."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if at.tzinfo is None:  # "-0000" means UTC of unknown origin
        at = at.replace(tzinfo=UTC)
    return max((at - now).total_seconds(), 0.0)
