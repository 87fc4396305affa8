"""When the next report is due. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

RETRY = timedelta(seconds=60)
"""After a run that failed: the feed's bad spells last minutes, and the client has tried by itself."""
RETRY_AWAITED = timedelta(seconds=15)
"""The same while a race waits for its boundary: every second more is one that its players lose."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run: when it began and how it ended, or that it goes on."""

    started_at: datetime
    status: str


def next_pull(now: datetime, *, last: LastRun | None, awaited: bool, interval: timedelta) -> datetime:
    """Return when the feed is to be asked again: at once if a race waits for a run, else by the interval."""
    if last is None:
        return now
    if last.started_at > now:
        # The clock was put back; the last run's time says nothing.
        return now
    if last.status == "running":
        # Whoever makes it has the turn and we get none; or he died, and it is ours at once.
        return now
    if last.status == "completed":
        return now if awaited else last.started_at + interval
    return last.started_at + min(interval, RETRY_AWAITED if awaited else RETRY)
