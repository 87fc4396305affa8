"""The traps that change figures: what the feed shows in place of what was wagered.

Each is a function of the story's present second and of the player's own luck, so
that it strikes the same players in every report and however often one asks.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from goatedvips.simulator.cast import Floats, Integers
from goatedvips.simulator.story import ALL_TIME, LATE, THIS_MONTH, THIS_WEEK, TODAY, Story
from goatedvips.simulator.traps import Switch

WINDOWS = 4
MOST_DRIFT = 0.2
_HOUR = 3600.0
_TOKENS = 4
# Of those whom a trap strikes, measured: 7 or 8 of some 30, and 1 to 3 of some 20.
_CONTRADICTING_WEEKS, _CONTRADICTING_DAYS = 4, 10


def disguise(story: Story, on: Mapping[str, Switch], *, frozen_month: Floats) -> Floats:
    """Return the four windows of every listed player as the feed shows them."""
    shown = story.amounts[:WINDOWS].copy()
    if "late_reset" in on:
        for window, row in LATE.items():
            shown[window] = story.amounts[row]
    if "frozen_month" in on:
        shown[THIS_MONTH] = 0.0
        shown[THIS_MONTH, : len(frozen_month)] = frozen_month
    if "today_falls" in on:
        shown[TODAY] *= _prices(story.seconds)[_token(story.luck[: story.listed])]
    if "drift" in on:
        _drift(shown, story.luck[: story.listed])
    if "contradictions" in on:
        _contradict(shown, story.luck[: story.listed])
    if "falling_all_time" in on:
        ever = np.flatnonzero(shown[ALL_TIME])
        struck = unluckiest(ever, story.luck, count=max(1, int(_value(on["falling_all_time"]) * len(ever))))
        shown[ALL_TIME, struck] *= 0.9
    if "all_zeros" in on:
        # Chosen among all and among those who wagered alike, so that a share of 0.5 is half of both.
        shown[:, story.luck[: story.listed] <= _value(on["all_zeros"])] = 0.0
    return shown


def unluckiest(players: Integers, luck: Floats, *, count: int) -> Integers:
    """Return so many of the players, those with the least luck."""
    chosen: Integers = players[np.argsort(luck[players], kind="stable")[:count]]
    return chosen


def _value(switch: Switch) -> float:
    assert isinstance(switch.value, int | float)  # noqa: S101 - the catalogue gives these traps a number
    return float(switch.value)


def _token(luck: Floats) -> NDArray[np.int64]:
    return (luck * 1_000_003).astype(np.int64) % _TOKENS


def _prices(seconds: float) -> Floats:
    # A quarter of a turn between the tokens: at any time about two of the four are falling.
    turn = 2 * np.pi * np.arange(_TOKENS) / _TOKENS
    slow = 0.015 * np.sin(2 * np.pi * seconds / (11 * _HOUR) + turn)
    # Quick enough to outweigh, for some, what they wager in five minutes.
    quick = 0.004 * np.sin(2 * np.pi * seconds / (0.47 * _HOUR) + turn)
    prices: Floats = 1.0 + slow + quick
    return prices


def _drift(shown: Floats, luck: Floats) -> None:
    # A wave of the week's own amount: never more than 0.20, zero at a reset, and too
    # flat ever to make this_week fall while it grows.
    drifting = _token(luck) < _TOKENS // 2
    wave = MOST_DRIFT / 2 * (1.0 - np.cos(shown[THIS_WEEK] / 20.0))
    shown[THIS_WEEK] += np.where(drifting, wave, 0.0)


def _contradict(shown: Floats, luck: Floats) -> None:
    week = np.flatnonzero(shown[THIS_WEEK])
    if len(week):
        struck = unluckiest(week, luck, count=max(1, len(week) // _CONTRADICTING_WEEKS))
        shown[THIS_MONTH, struck] = 0.0
        # A quarter of them has a little this month, as in the captures.
        shown[THIS_MONTH, struck[::4]] = shown[THIS_WEEK, struck[::4]] * 0.14
    today = np.flatnonzero(shown[TODAY])
    if len(today):
        struck = unluckiest(today, luck, count=max(1, len(today) // _CONTRADICTING_DAYS))
        shown[TODAY, struck] = shown[THIS_WEEK, struck] * 1.004 + 1e-6
