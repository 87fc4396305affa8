"""How closely a made-up feed resembles the real one.

The figures were measured on 19 captures, 26-27 March 2025 (1,841 players, Wednesday
05:52Z to Thursday 08:56Z). Ours are means over eight stories at the same hours, so
that the tolerances can be narrow; a single story of 2,218 players strays further.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from goatedvips.simulator.cast import Floats
from goatedvips.simulator.disguise import WINDOWS
from goatedvips.simulator.page import number
from goatedvips.simulator.story import ALL_TIME, THIS_MONTH, THIS_WEEK, TODAY, Plot, Story

HOURS = (5, 8, 12, 20)
STORIES = [
    Story(Plot(seed, 2_218, datetime(2025, 3, 26, hour, 24, tzinfo=UTC)))
    for seed, hour in enumerate(HOURS * 2)
]


def mean(figure: Callable[[Floats], float]) -> float:
    return float(np.mean([figure(story.amounts[:WINDOWS]) for story in STORIES]))


@pytest.mark.parametrize(
    ("window", "share", "tolerance"),
    [
        (ALL_TIME, 0.100, 0.003),
        (THIS_MONTH, 0.030, 0.006),
        (THIS_WEEK, 0.016, 0.004),
        (TODAY, 0.0095, 0.0025),
    ],
)
def test_as_many_have_wagered_in_each_window(window: int, share: float, tolerance: float) -> None:
    assert mean(lambda amounts: np.count_nonzero(amounts[window]) / amounts.shape[1]) == pytest.approx(
        share, abs=tolerance
    )


@pytest.mark.parametrize(
    ("window", "middle", "spread"),
    [(ALL_TIME, 5.77, 3.14), (THIS_MONTH, 5.69, 3.65), (THIS_WEEK, 2.98, 3.79), (TODAY, 1.39, 3.38)],
)
def test_the_amounts_have_as_heavy_a_tail(window: int, middle: float, spread: float) -> None:
    # Of the logarithms.
    logs = [np.log(story.amounts[window][story.amounts[window] > 0]) for story in STORIES]

    assert np.mean([one.mean() for one in logs]) == pytest.approx(middle, abs=1.0)
    assert np.mean([one.std() for one in logs]) == pytest.approx(spread, abs=0.8)


def test_some_amounts_are_below_a_cent_and_some_above_100_000() -> None:
    amounts = np.concatenate([story.amounts[ALL_TIME] for story in STORIES])

    assert 0 < np.count_nonzero((amounts > 0) & (amounts < 0.01)) < 100
    assert np.count_nonzero(amounts > 100_000) > 10


def test_numbers_are_written_in_the_feeds_own_mix() -> None:
    # Measured among amounts over 0: 2.5 % whole, 11 % with up to 9 decimals, half with 13 or 14, 18 at most.
    played = [amount for story in STORIES for amount in story.amounts[:WINDOWS].ravel().tolist() if amount]
    decimals = np.array([len(number(amount).partition(".")[2]) for amount in played])

    assert np.mean(decimals == 0) == pytest.approx(0.025, abs=0.02)
    assert np.mean((decimals > 0) & (decimals < 10)) == pytest.approx(0.11, abs=0.06)
    assert np.mean((decimals == 13) | (decimals == 14)) == pytest.approx(0.5, abs=0.15)
    assert decimals.max() in (17, 18, 19, 20)


def test_names_have_the_feeds_shapes() -> None:
    names = [name for story in STORIES for name in story.names]
    lengths = np.array([len(name) for name in names])

    assert all(re.fullmatch(r"[A-Za-z0-9-]{5,42}", name) for name in names)
    assert np.quantile(lengths, [0.1, 0.5, 0.9]) == pytest.approx([5, 8, 12], abs=2)
    assert np.mean([name.islower() for name in names]) == pytest.approx(0.41, abs=0.05)
    assert np.mean([any(map(str.isdigit, name)) for name in names]) == pytest.approx(0.34, abs=0.05)
    assert np.mean(["-" in name for name in names]) == pytest.approx(0.023, abs=0.01)
    assert any(name.isdigit() for name in names)
    assert any(re.fullmatch(r"0x[0-9a-f]{40}", name) for name in names)


def test_uids_are_20_alphanumerics_and_nobody_shares_one_or_a_name() -> None:
    for story in STORIES:
        assert all(re.fullmatch(r"[A-Za-z0-9]{20}", uid) for uid in story.uids)
        assert len(set(story.uids)) == len(story.uids) == len(set(story.names))
