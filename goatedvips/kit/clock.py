"""The time of day, handed in so that tests can set it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def utc_now() -> datetime:
    """Return this moment as an aware instant in UTC."""
    return datetime.now(UTC)
