"""What happens in a story, and when: all of it follows from the seed."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from goatedvips.simulator.traps import FAILURES, SHAPES, TRAPS, Wanted, read_traps

# Local nights after which a day has 23, 25 or, on Lord Howe Island, 23½ or 24½ hours.
NIGHTS = (
    ("Europe/Berlin", datetime(2025, 3, 30)),  # noqa: DTZ001 - local, the zone stands beside it
    ("Europe/Berlin", datetime(2025, 10, 26)),  # noqa: DTZ001
    ("America/New_York", datetime(2025, 3, 9)),  # noqa: DTZ001
    ("America/New_York", datetime(2025, 11, 2)),  # noqa: DTZ001
    ("Australia/Lord_Howe", datetime(2025, 4, 6)),  # noqa: DTZ001
    ("Australia/Lord_Howe", datetime(2025, 10, 5)),  # noqa: DTZ001
)
# No report comes of these, so they are short.
FAILING = frozenset(
    {*FAILURES, "timeout", "empty_body", "html", "truncated", "shrunk", "all_zeros", "wrong_sums"}
)
EVERY = timedelta(days=3)
"""Each trap is laid so often."""


@dataclass(frozen=True, slots=True)
class Change:
    """A trap that is turned on or off at a moment of the story."""

    at: datetime
    trap: str
    value: object

    def wanted(self) -> Wanted:
        """Return the change as the simulator takes it."""
        return read_traps({self.trap: self.value})


@dataclass(frozen=True, slots=True)
class Plot:
    """A story of some days around a night in which the clocks are changed."""

    zone: str
    begins: datetime
    ends: datetime
    changes: list[Change]

    @classmethod
    def of(cls, chance: random.Random, days: int) -> "Plot":
        """Make up a story."""
        zone, night = chance.choice(NIGHTS)
        begins = (night - timedelta(days=days // 2)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        ends = begins + timedelta(days=days, hours=2)
        changes = [
            change
            for trap in TRAPS
            for number in range(max(1, days // EVERY.days))
            for change in _laid(chance, trap, begins + number * EVERY)
        ]
        return cls(zone, begins, ends, sorted(changes, key=lambda change: change.at))


def _laid(chance: random.Random, trap: str, after: datetime) -> list[Change]:
    longest = 2.0 if trap in FAILING else 12.0
    on = after + timedelta(hours=chance.uniform(1, EVERY.total_seconds() / 3600 - longest))
    off = on + timedelta(hours=chance.uniform(0.2, longest))
    return [Change(on, trap, value_of(chance, trap)), Change(off, trap, False)]


def value_of(chance: random.Random, trap: str) -> object:
    """Return what a trap is told; waiting is in real seconds, so there is little of it."""
    values: dict[str, object] = {
        "slow": 0.02,
        "drip": 0.04,
        "shape": chance.choice(SHAPES),
        "falling_all_time": chance.choice([0.02, 0.1, 0.3]),
        "vanish": chance.choice([4, 10, 20]),
        "appear": chance.choice([3, 10, 25]),
    }
    return values.get(trap, True)
