"""What becomes of a race: the statuses that are stored, and the phases that follow from time.

scheduled ──► live ──► completed
    └──────────┴─────► cancelled
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

Status: TypeAlias = Literal["scheduled", "live", "completed", "cancelled"]
Phase: TypeAlias = Literal["scheduled", "live", "settling", "completed", "cancelled"]

SETTLING_DEADLINE = timedelta(hours=1)
"""How long after its end a race waits for the report that settles it before an administrator is told."""

TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    "scheduled": frozenset({"live", "cancelled"}),
    "live": frozenset({"completed", "cancelled"}),
    "completed": frozenset(),
    "cancelled": frozenset(),
}


def may_become(status: Status, following: Status) -> bool:
    """Tell whether a race of this status may take the following one."""
    return following in TRANSITIONS[status]


def sources(following: Status) -> list[Status]:
    """Return the statuses from which a race may take this one: the guard of the update that gives it."""
    return [status for status in TRANSITIONS if may_become(status, following)]


def is_over(status: Status) -> bool:
    """Tell whether nothing can follow this status."""
    return not TRANSITIONS[status]


def phase(status: Status, *, starts_at: datetime, ends_at: datetime, now: datetime) -> Phase:
    """Return what to show for a race at `now`.

    The window is half-open. A stored status may lag behind the clock, so between start and end a race shows
    as live even if its start is not recorded yet, and from the end until it is settled as settling.
    """
    if is_over(status) or (status == "scheduled" and now < starts_at):
        return status
    return "live" if now < ends_at else "settling"


def seconds_left(status: Status, *, starts_at: datetime, ends_at: datetime, now: datetime) -> int:
    """Count to the start while scheduled, to the end while live, else 0; 0 only once it is reached."""
    target = {"scheduled": starts_at, "live": ends_at}.get(
        phase(status, starts_at=starts_at, ends_at=ends_at, now=now), now
    )
    # Rounded up: a race with half a second to go has not ended.
    return max(0, -((now - target) // timedelta(seconds=1)))
