"""The story that the feed tells: who has wagered how much, second by second.

A story follows from its plot alone: seed, number of players, origin. It may be
looked at as often or as seldom as one likes, and a new process that reads the
same plot comes to the same state, to the last bit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from goatedvips.simulator.cast import DAYS_PLAYED, Cast, Floats, Habit, Integers, gather, in_coin
from goatedvips.simulator.hours import ARRIVALS, SECONDS, Hour, Players, compose

TODAY, THIS_WEEK, THIS_MONTH, ALL_TIME = range(4)
LATE = {TODAY: 4, THIS_WEEK: 5, THIS_MONTH: 6}
"""Where the windows stand that reset at an hour of their own, for the trap `late_reset`."""
_ROWS = 7
_HOURS_A_DAY = 24
_EPOCH = date(1970, 1, 1).toordinal()

# Measured between captures: 0 to 17 rows of 1,841 stood elsewhere some hours later.
_SHUFFLE_ODDS, _MOVED_LEAST, _MOVED_MOST = 0.35, 0.001, 0.009


@dataclass(frozen=True, slots=True)
class Plot:
    """All that a story follows from."""

    seed: int
    players: int
    origin: datetime
    reset_at: timedelta = timedelta(minutes=7)
    """When the windows start over, after midnight in UTC. A reader of the feed cannot know it."""
    week_starts: int = 0
    """The first day of the week, Monday being 0."""


class Story:
    """The state of a story at one second; `advance` moves it on and never back."""

    def __init__(self, plot: Plot) -> None:
        self.plot = plot
        self.names: list[str] = []
        self.uids: list[str] = []
        self.renamed: list[int] = []
        """Whoever changed his name, in order; it only grows."""
        self.listed = 0
        self.luck: Floats = np.empty(0)
        self._amounts: Floats = np.zeros((_ROWS, 0))
        self._taken: set[str] = set()
        rng = self._chance(0)
        self.late_hours = int(rng.integers(1, 9))
        self._late_week = (plot.week_starts + int(rng.integers(1, 7))) % 7
        cast = gather(rng, plot.players, taken=self._taken, exact=True)
        self._players = Players.of(cast, first=0)
        self._admit(cast)
        self.listed = plot.players
        # Nothing sorts a cast; and rows that lie in memory as they are sent are joined in half the time.
        self._order: Integers = np.arange(plot.players)
        self._origin = int(plot.origin.timestamp())
        self._offset = int(plot.reset_at.total_seconds())
        self._hour_number = (self._origin - self._offset) // SECONDS
        self._open(rng, cast)
        self._hour: Hour
        self._read = [0, 0, 0]
        self._turn_page()
        self.seconds = -1.0
        self.advance(0.0)

    @property
    def amounts(self) -> Floats:
        """The rows `TODAY` to `ALL_TIME` and the late windows, a column for each listed player: a view."""
        return self._amounts[:, : self.listed]

    @property
    def order(self) -> Integers:
        """The listed players in the order in which the feed names them at present."""
        if len(self._order) == self.listed:
            return self._order
        return self._order[self._order < self.listed]

    @property
    def keen(self) -> Integers:
        """The indexes of those who have a habit of playing, listed yet or not."""
        return self._players.index

    def advance(self, seconds: float) -> None:
        """Play on until so many seconds after the origin; an earlier moment changes nothing."""
        if seconds <= self.seconds:
            return
        self.seconds = seconds
        until = self._origin + int(seconds) - self._offset
        while (self._hour_number + 1) * SECONDS <= until:
            self._play(SECONDS)
            self._hour_number += 1
            self._start_windows_over()
            self._turn_page()
        self._play(until - self._hour_number * SECONDS)

    def _chance(self, stream: int) -> np.random.Generator:
        return np.random.Generator(np.random.Philox(key=[self.plot.seed, stream]))

    def _turn_page(self) -> None:
        rng = self._chance(self._hour_number)
        people = len(self.uids)
        self._shuffle(rng)
        self._hour = compose(
            rng,
            self._players,
            people=people,
            arrivals=self.plot.players * ARRIVALS,
            hour_of_day=self._hour_number % _HOURS_A_DAY,
            taken=self._taken,
        )
        self._read = [0, 0, 0]
        self._admit(self._hour.newcomers)
        newcomers = np.arange(people, len(self.uids))
        places = rng.integers(len(self._order) + 1, size=len(newcomers))
        self._order = np.insert(self._order, places, newcomers)

    def _play(self, second: int) -> None:
        """Let happen what happens up to and including a second of the present hour."""
        hour = self._hour
        bets, arrivals, renames = self._read
        self._read = [
            int(np.searchsorted(moments, second, side="right"))
            for moments in (hour.bet_at, hour.arrive_at, hour.rename_at)
        ]
        self.listed += self._read[1] - arrivals
        bettors, amounts = hour.bettor[bets : self._read[0]], hour.amount[bets : self._read[0]]
        # One addition after the other, so that the sums do not depend on who looked when.
        for row in self._amounts:
            np.add.at(row, bettors, amounts)
        for number in range(renames, self._read[2]):
            self.names[hour.renamed[number]] = hour.new_names[number]
            self.renamed.append(int(hour.renamed[number]))

    def _admit(self, cast: Cast) -> None:
        first = len(self.uids)
        self.uids += cast.uids
        self.names += cast.names
        self.luck = np.concatenate([self.luck, cast.luck]) if len(cast.luck) else self.luck
        if len(self.uids) > self._amounts.shape[1]:
            grown = np.zeros((_ROWS, len(self.uids) + max(256, len(self.uids) // 20)))
            grown[:, :first] = self._amounts[:, :first]
            self._amounts = grown

    def _shuffle(self, rng: np.random.Generator) -> None:
        if rng.random() >= _SHUFFLE_ODDS:
            return
        size = len(self._order)
        moved = rng.integers(size, size=1 + int(size * rng.uniform(_MOVED_LEAST, _MOVED_MOST)))
        moved = np.unique(moved)
        kept = np.delete(self._order, moved)
        self._order = np.insert(kept, rng.integers(len(kept) + 1, size=len(moved)), self._order[moved])

    def _start_windows_over(self) -> None:
        self._reset(self._hour_number, week_starts=self.plot.week_starts, row_of=lambda window: window)
        self._reset(
            self._hour_number - self.late_hours,
            week_starts=self._late_week,
            row_of=lambda window: LATE[window],
        )

    def _reset(self, hour_number: int, *, week_starts: int, row_of: Callable[[int], int]) -> None:
        day, hour = divmod(hour_number, _HOURS_A_DAY)
        if hour:
            return
        today = date.fromordinal(_EPOCH + day)
        self._amounts[row_of(TODAY)] = 0.0
        if today.weekday() == week_starts:
            self._amounts[row_of(THIS_WEEK)] = 0.0
        if today.day == 1:
            self._amounts[row_of(THIS_MONTH)] = 0.0

    def _open(self, rng: np.random.Generator, cast: Cast) -> None:
        """Write what everybody had wagered before the first hour."""
        day, hour = divmod(self._hour_number, _HOURS_A_DAY)
        today = date.fromordinal(_EPOCH + day)
        week_days = (today.weekday() - self.plot.week_starts) % 7
        month_days = today.day - 1
        of_today = _spent(rng, cast, days=1, share=hour / _HOURS_A_DAY)
        of_both = _spent(rng, cast, days=min(week_days, month_days))
        of_one = _spent(rng, cast, days=abs(week_days - month_days))
        nothing = np.zeros_like(of_one)
        week = of_today + of_both + (of_one if week_days > month_days else nothing)
        month = of_today + of_both + (of_one if month_days > week_days else nothing)
        before = {
            TODAY: of_today,
            THIS_WEEK: week,
            THIS_MONTH: month,
            ALL_TIME: cast.history + of_today + of_both + of_one,
        }
        for window, amounts in before.items():
            self._amounts[window, cast.keen] = amounts
            self._amounts[LATE.get(window, window), cast.keen] = amounts


def _spent(rng: np.random.Generator, cast: Cast, *, days: int, share: float = 1.0) -> Floats:
    """Return what each of the keen wagered on so many days, or on the first `share` of one."""
    odds = DAYS_PLAYED[cast.habit]
    # A regular plays all day long; for the others a shorter day has fewer chances to begin.
    regular = cast.habit == Habit.REGULAR
    played = rng.binomial(days, np.where(regular, odds, 1.0 - (1.0 - odds) ** share))
    length = np.where(regular, share, 1.0)
    amounts = cast.day_stake * played * length * np.exp(0.8 * rng.standard_normal(len(odds)) - 0.3)
    spent: Floats = np.where((played > 0) & (length > 0), in_coin(amounts, cast.coin), 0.0)
    return spent
