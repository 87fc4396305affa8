"""The people of a story: who they are, how often they play and for how much.

The shares and amounts follow what was measured on 19 captures, 26-27 March
2025: 90.0 % had never wagered; 3.0 % had this month, 1.6 % this week and 0.7 to
1.1 % today, more as the day went on; the log of `all_time` had mean 5.8 and
deviation 3.1, that of a day's play mean 1.0 to 1.8 and deviation 3.4.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from goatedvips.simulator.names import invent

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

BETS_AN_HOUR = 36
"""While somebody plays. More than one in two minutes makes most of those who play change in five."""
SMALLEST_BET = 0.0001
LARGEST_DAY = 20_000.0
"""For most days: the best month of the captures was 136,220 on its 26th day."""
DABBLERS = 0.015
"""Of those who ever wagered: they tried it with a few cents."""

_UID_LETTERS = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", dtype="S1")
_UID_LENGTH = 20
AWAKE_HOURS = 20


class Habit(IntEnum):
    """How often somebody plays."""

    NEVER = 0
    LAPSED = 1
    OCCASIONAL = 2
    FREQUENT = 3
    REGULAR = 4


# Regulars are few and play whenever they are awake, so that a report five minutes
# after another shows a dozen changes while hardly one player in a hundred is active.
SHARES = (0.9, 0.0702, 0.016, 0.006, 0.0078)
DAYS_PLAYED = np.array([0.0, 0.0004, 0.05, 0.32, 0.985])
"""The share of days on which each habit plays at all."""


class Coin(IntEnum):
    """What somebody bets in. Real amounts are sums of products of token prices: float noise."""

    TOKEN = 0
    EIGHT_DECIMALS = 1
    CENTS = 2
    WHOLE = 3


_COINS = (0.86, 0.05, 0.06, 0.03)


@dataclass(frozen=True, slots=True)
class Cast:
    """A number of people who come in together. Arrays after `luck` speak of the `keen` only."""

    uids: list[str]
    names: list[str]
    luck: Floats
    """An even draw for each that never changes: it chooses whom a trap strikes."""
    keen: Integers
    """The indexes, in this cast, of those who have a habit of playing."""
    habit: NDArray[np.int8]
    day_stake: Floats
    """What each wagers on a day on which he plays."""
    history: Floats
    """What each had wagered before his story began, if he was there."""
    wakes_at: NDArray[np.int8]
    coin: NDArray[np.int8]

    def hourly_odds(self) -> Floats:
        """Return how likely each of the keen is to play in an hour in which he is awake."""
        idle_days = 1.0 - DAYS_PLAYED[self.habit]
        odds: Floats = np.where(self.habit == Habit.REGULAR, 0.97, 1.0 - idle_days ** (1 / 24))
        return odds

    def bet(self) -> Floats:
        """Return the usual size of one bet of each of the keen."""
        bets = np.where(self.habit == Habit.REGULAR, BETS_AN_HOUR * AWAKE_HOURS, BETS_AN_HOUR)
        return self.day_stake / bets


def gather(rng: np.random.Generator, count: int, *, taken: set[str], exact: bool) -> Cast:
    """Make up `count` people; `exact` keeps the shares of habits, else each draws his own."""
    habits = _exact_habits(rng, count) if exact else _drawn_habits(rng, count)
    keen = np.flatnonzero(habits)
    size = len(keen)
    wealth = np.clip(rng.standard_normal(size), -2.5, 2.5)
    past = np.clip(rng.standard_normal(size), -3.0, 3.0)
    coin = rng.choice(len(_COINS), p=_COINS, size=size).astype(np.int8)
    letters = _UID_LETTERS[rng.integers(len(_UID_LETTERS), size=(count, _UID_LENGTH))]
    return Cast(
        uids=[uid.decode() for uid in letters.view(f"S{_UID_LENGTH}").ravel().tolist()],
        names=invent(rng, count, taken=taken),
        luck=rng.random(count),
        keen=keen,
        habit=habits[keen],
        # Whoever comes seldom stakes more: the month's amounts were much larger than the day's.
        day_stake=np.minimum(
            np.exp(np.where(habits[keen] == Habit.REGULAR, 1.9, 4.2) + 3.3 * wealth), LARGEST_DAY
        ),
        history=in_coin(
            np.exp(np.where(rng.random(size) < DABBLERS, -3.0, 5.7) + 3.0 * (0.6 * wealth + 0.8 * past)), coin
        ),
        wakes_at=rng.integers(24, size=size).astype(np.int8),
        coin=coin,
    )


def in_coin(amounts: Floats, coins: NDArray[np.int8]) -> Floats:
    """Round each amount to what its coin can hold; none becomes zero."""
    rounded = np.where(coins == Coin.TOKEN, np.maximum(amounts, SMALLEST_BET), 0.0)
    rounded = np.where(coins == Coin.EIGHT_DECIMALS, np.maximum(amounts.round(8), SMALLEST_BET), rounded)
    rounded = np.where(coins == Coin.CENTS, np.maximum(amounts.round(2), 0.01), rounded)
    return np.where(coins == Coin.WHOLE, np.ceil(amounts), rounded)


def _exact_habits(rng: np.random.Generator, count: int) -> NDArray[np.int8]:
    # Rounded up, so that even a story of ten has somebody who plays.
    sizes = [int(np.ceil(share * count)) for share in SHARES[1:]]
    playing = np.repeat(np.arange(len(SHARES) - 1, 0, -1, dtype=np.int8), sizes[::-1])[:count]
    habits = np.zeros(count, dtype=np.int8)
    habits[: len(playing)] = playing
    return rng.permutation(habits)


def _drawn_habits(rng: np.random.Generator, count: int) -> NDArray[np.int8]:
    habits: NDArray[np.int8] = np.searchsorted(
        np.cumsum(SHARES[:-1]), rng.random(count), side="right"
    ).astype(np.int8)
    return habits
