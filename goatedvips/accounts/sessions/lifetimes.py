"""How long a session lasts (OWASP ASVS 5.0, 7.3). Computes only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from goatedvips.accounts.roles import STAFF, Role


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A session ends when it was not used for so long, and however much it is used after so long."""

    idle: timedelta
    whole: timedelta

    def is_over(self, now: datetime, *, last_seen_at: datetime, expires_at: datetime) -> bool:
        """Say whether a session has ended."""
        return now >= expires_at or now - last_seen_at >= self.idle


OF_PLAYERS = Lifetime(idle=timedelta(days=14), whole=timedelta(days=90))
"""Whoever looks at a race once a week stays signed in; nothing here can be taken out as money."""
OF_STAFF = Lifetime(idle=timedelta(hours=1), whole=timedelta(hours=12))
"""A working day; a screen that was left alone for an hour is nobody's."""
FRESH = timedelta(minutes=15)
"""For so long after his password somebody may change how he signs in."""
NOTED_EVERY = timedelta(minutes=1)
"""Use is written down no more often than that."""


def lifetime(role: Role) -> Lifetime:
    """Return how long a session of somebody of this role lasts."""
    return OF_STAFF if role in STAFF else OF_PLAYERS
