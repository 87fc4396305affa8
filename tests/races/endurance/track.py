"""Races that end one after the other; everybody moves in each of them."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from tests.pipeline import Pipeline, report, row
from tests.races.endurance.story_clock import StoryClock

POOL = 100_003
"""Cents; 3 of them are what remainders are about."""
PLACES = (42_501, 20_001, 15_001, 7_500, 6_000, 4_000, 2_750, 2_250)
"""The default split of the pool, by pen and paper: the odd cents go to the largest remainders."""
LAP = timedelta(hours=1)


@dataclass
class Track:
    """One race follows the other, an hour each, and what everybody is owed for the last one."""

    pipeline: Pipeline
    clock: StoryClock
    players: int
    chance: random.Random
    totals: list[int] = field(default_factory=list)
    """Cents, by player."""
    gains: list[int] = field(default_factory=list)
    """The same within the last lap."""
    shared: bool = False

    async def open(self) -> None:
        """Take the first report, with which the first race will start."""
        self.totals = [self.chance.randrange(10**6) for _ in range(self.players)]
        self.clock.set(self.pipeline.clock())
        self.pipeline.feed.body = self._report()
        outcome = await self.pipeline.sync.pull("scheduled")
        assert outcome is not None
        assert outcome.status == "completed"

    async def add_race(self, *, shared: bool) -> int:
        """Make the race that starts now."""
        self.shared = shared
        now = self.pipeline.clock()
        return await self.pipeline.race(
            start_date=now,
            end_date=now + LAP,
            prize_pool=f"{POOL / 100:.2f}",
            tie_policy="shared" if shared else "first_to_reach",
        )

    def end_lap(self) -> None:
        """Let everybody move and the hour pass: the race waits for its last report now."""
        # Of few amounts, so that several players hold the places that pay.
        amounts = range(1, 40) if self.shared else range(1, 10**6)
        self.gains = [self.chance.choice(amounts) for _ in range(self.players)]
        self.totals = [total + gain for total, gain in zip(self.totals, self.gains, strict=True)]
        self.pipeline.feed.body = self._report()
        self.pipeline.clock.now += LAP
        self.clock.set(self.pipeline.clock())

    def owed(self) -> dict[str, int]:
        """Return what everybody is owed for the last lap, in cents, by uid; reckoned here by hand."""
        # All of them moved with one report, so only the ids decide between equals.
        order = sorted(range(self.players), key=lambda player: (-self.gains[player], player))
        if not self.shared:
            return {_uid(player): cents for player, cents in zip(order, PLACES, strict=False)}
        owed: dict[str, int] = {}
        while len(owed) < len(PLACES):
            first = len(owed)
            equals = [player for player in order if self.gains[player] == self.gains[order[first]]]
            share, odd = divmod(sum(PLACES[first : first + len(equals)]), len(equals))
            owed |= {_uid(player): share + (place < odd) for place, player in enumerate(equals)}
        return {uid: cents for uid, cents in owed.items() if cents}

    def _report(self) -> bytes:
        return report(
            row(_uid(player), str(Decimal(total).scaleb(-2))) for player, total in enumerate(self.totals)
        )


def _uid(player: int) -> str:
    return f"player-{player:04}"
