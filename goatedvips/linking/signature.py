"""Proof by wager: two small amounts that only the owner of a player can make him wager. Computes only.

The site names two amounts and a window; whoever wagers both within an hour, each on its own between two
reports, owns the player. What else he wagers does no harm, as long as it falls between other reports: only
single rises are compared. How seldom a stranger's wagers meet both by chance is in docs/linking.md.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

UNITS_PER_CENT = 1_000_000
TOLERANCE = UNITS_PER_CENT // 10
"""Beyond it an amount is another one; whoever was priced anew by more (trap 4 of the feed) tries again."""
TOGETHER = timedelta(hours=1)
"""From the one to the other: the owner does both in one sitting."""
LEAST, MOST = 105, 495
"""Cents: small enough for anybody, large enough to be no casino's smallest bet."""
WINDOW = timedelta(hours=24)
MOST_RISES = 600
"""In a month, of a size that is asked for: of a player who wagers so more often, chance would meet both."""
_APART = 10
"""Cents: neither amount can be taken for the other, or for a sum with a bet of a few cents."""
_FEWEST = 50
"""Amounts to choose from; of so many, some are always far enough apart."""


@dataclass(frozen=True, slots=True)
class Rise:
    """What a player's total rose by from one report to the next, in units of 10⁻⁸ dollars."""

    run_id: int
    since: datetime
    """When the feed was asked the time before: the wagers are later."""
    until: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Signature:
    """Two amounts in units, and the window in which they are to be wagered."""

    first: int
    second: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """The runs that brought the amounts."""

    first_run_id: int
    second_run_id: int


def choose(usual: Collection[int], *, now: datetime, chance: Random) -> Signature:
    """Return two amounts unlike each other, unlike round ones, and unlike the player's usual rises."""
    cents = [amount for amount in range(LEAST, MOST + 1) if amount % 5 and not _is_usual(amount, usual)]
    if len(cents) < _FEWEST:
        # Whoever has bet everything before is asked for any two.
        cents = list(range(LEAST, MOST + 1))
    first = chance.choice(cents)
    second = chance.choice([amount for amount in cents if abs(amount - first) > _APART])
    return Signature(first * UNITS_PER_CENT, second * UNITS_PER_CENT, now, now + WINDOW)


def is_telling(rises: Collection[Rise]) -> bool:
    """Say whether two amounts would tell anything of a player whose total rose so in the last month."""
    alike = sum(LEAST * UNITS_PER_CENT <= rise.amount <= MOST * UNITS_PER_CENT for rise in rises)
    return alike <= MOST_RISES


def recognized(signature: Signature, rises: Sequence[Rise]) -> Seen | None:
    """Return where both amounts were wagered within the window, each between two reports of its own."""
    inside = [rise for rise in rises if signature.starts_at <= rise.since and rise.until <= signature.ends_at]
    pairs = (
        Seen(first.run_id, second.run_id)
        for first in _like(inside, signature.first)
        for second in _like(inside, signature.second)
        if abs(first.until - second.until) <= TOGETHER
    )
    return next(pairs, None)


def _like(rises: Sequence[Rise], amount: int) -> list[Rise]:
    return [rise for rise in rises if abs(rise.amount - amount) <= TOLERANCE]


def _is_usual(cents: int, usual: Collection[int]) -> bool:
    return any(abs(amount - cents * UNITS_PER_CENT) < UNITS_PER_CENT for amount in usual)
