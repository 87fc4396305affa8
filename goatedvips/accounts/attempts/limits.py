"""How often strangers may try. Computes only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within so long; the oldest makes room for the next."""

    tries: int
    within: timedelta

    def since(self, now: datetime) -> datetime:
        """Return from when on tries count."""
        return now - self.within

    def free_at(self, recent: Sequence[datetime]) -> datetime | None:
        """Return when one more is allowed after these, newest first; None for now."""
        return recent[self.tries - 1] + self.within if len(recent) >= self.tries else None


SIGN_IN = Limit(10, timedelta(minutes=15))
"""By name, and apart for each browser that has signed in to it before: strangers lock out strangers only
(docs/adr/0022). Ten in fifteen minutes are a thousand a day, nothing against a password off the list."""
SIGN_IN_FROM_ADDRESS = Limit(100, timedelta(minutes=15))
"""A phone network puts thousands behind one address, of whom few are strangers at once."""
REGISTER_FROM_ADDRESS = Limit(30, timedelta(hours=1))
MAIL_FROM_ADDRESS = Limit(30, timedelta(hours=1))
MAIL_TO_SUBJECT = Limit(3, timedelta(hours=1))
"""More would only fill somebody's mailbox."""
