"""Two small amounts that prove whose a player is."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.linking.signature import (
    LEAST,
    MOST,
    TOLERANCE,
    UNITS_PER_CENT,
    WINDOW,
    Rise,
    Seen,
    Signature,
    choose,
    is_telling,
    recognized,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIVE = timedelta(minutes=5)
ASKED = Signature(137 * UNITS_PER_CENT, 241 * UNITS_PER_CENT, NOON, NOON + WINDOW)


def rise(run: int, cents: float, *, after: timedelta | None = None) -> Rise:
    since = NOON + (run * FIVE if after is None else after)
    return Rise(run, since, since + FIVE, round(cents * UNITS_PER_CENT))


def test_both_amounts_in_reports_of_their_own_are_a_proof() -> None:
    assert recognized(ASKED, [rise(1, 137), rise(2, 241)]) == Seen(1, 2)


def test_the_order_does_not_matter() -> None:
    assert recognized(ASKED, [rise(1, 241), rise(2, 137)]) == Seen(2, 1)


def test_other_wagers_between_other_reports_do_no_harm() -> None:
    others = [rise(run, 10_000 + run) for run in range(200)]

    assert recognized(ASKED, [*others[:90], rise(90, 137), *others[91:100], rise(100, 241)]) == Seen(90, 100)


def test_both_are_wagered_in_one_sitting() -> None:
    assert recognized(ASKED, [rise(1, 137), rise(13, 241)]) == Seen(1, 13)
    assert recognized(ASKED, [rise(1, 137), rise(14, 241)]) is None
    assert recognized(ASKED, [rise(1, 137), rise(14, 241), rise(15, 137)]) == Seen(15, 14)


def test_a_try_that_was_mixed_with_other_wagers_can_be_made_again() -> None:
    assert recognized(ASKED, [rise(1, 137 + 500), rise(2, 137), rise(3, 241)]) == Seen(2, 3)


@pytest.mark.parametrize(
    "rises",
    [
        [],
        [rise(1, 137)],
        [rise(1, 241)],
        [rise(1, 137 + 241)],
        [rise(1, 137), rise(2, 137)],
        [rise(1, 137.2), rise(2, 241)],
        [rise(1, 137), rise(2, 240.8)],
    ],
)
def test_less_is_no_proof(rises: list[Rise]) -> None:
    assert recognized(ASKED, rises) is None


@pytest.mark.parametrize("off", [-0.1, -0.00001, 0.00001, 0.1])
def test_what_the_feed_writes_may_be_off_by_a_tenth_of_a_cent(off: float) -> None:
    assert recognized(ASKED, [rise(1, 137 + off), rise(2, 241 - off)]) == Seen(1, 2)


def test_what_was_wagered_before_or_after_the_window_does_not_count() -> None:
    before = rise(0, 137, after=-FIVE)
    across = rise(0, 137, after=-FIVE / 2)
    after = rise(9, 241, after=WINDOW - FIVE / 2)

    assert recognized(ASKED, [before, rise(2, 241)]) is None
    assert recognized(ASKED, [across, rise(2, 241)]) is None
    assert recognized(ASKED, [rise(1, 137), after]) is None
    assert recognized(ASKED, [rise(1, 137, after=timedelta()), rise(2, 241)]) == Seen(1, 2)
    assert recognized(
        ASKED, [rise(8, 137, after=WINDOW - 2 * FIVE), rise(9, 241, after=WINDOW - FIVE)]
    ) == Seen(8, 9)


@given(st.integers(), st.lists(st.integers(1, 1000), max_size=400))
def test_the_amounts_are_apart_from_each_other_and_from_what_the_player_does(
    seed: int, bets: list[int]
) -> None:
    usual = {bet * UNITS_PER_CENT for bet in bets}

    asked = choose(usual, now=NOON, chance=Random(seed))

    for amount in (asked.first, asked.second):
        assert LEAST * UNITS_PER_CENT <= amount <= MOST * UNITS_PER_CENT
    assert abs(asked.first - asked.second) > 10 * UNITS_PER_CENT
    assert (asked.starts_at, asked.ends_at) == (NOON, NOON + WINDOW)
    if len(usual) < 60:
        assert all(abs(bet - amount) > TOLERANCE for bet in usual for amount in (asked.first, asked.second))


def test_who_has_bet_everything_before_is_asked_all_the_same() -> None:
    usual = {cents * UNITS_PER_CENT for cents in range(1, 1000)}

    assert choose(usual, now=NOON, chance=Random(1)).first > 0


def test_two_small_wagers_tell_nothing_of_who_makes_them_all_day() -> None:
    assert is_telling([rise(run, 200) for run in range(600)] + [rise(run, 9_000) for run in range(600)])
    assert not is_telling([rise(run, 200) for run in range(601)])


def test_a_stranger_hardly_ever_meets_both_amounts_by_chance() -> None:
    # Somebody who is seen to wager a hundred times in the window, some whole cents from 10 to 2,000.
    chance, met = Random(4711), 0
    for _ in range(2_000):
        asked = choose(set(), now=NOON, chance=chance)
        runs = sorted(chance.sample(range(1, 280), 100))
        met += recognized(asked, [rise(run, chance.randint(10, 2000)) for run in runs]) is not None

    assert met <= 2
