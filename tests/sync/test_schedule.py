from datetime import timedelta

import pytest

from goatedvips.sync.schedule import RETRY, RETRY_AWAITED, LastRun, next_pull
from tests.pipeline import NOON

INTERVAL = timedelta(minutes=5)


def after(status: str, *, awaited: bool = False, interval: timedelta = INTERVAL) -> timedelta:
    """Return how long after the last run, begun a second ago, the next one is due."""
    last = LastRun(NOON, status)
    return next_pull(NOON + timedelta(seconds=1), last=last, awaited=awaited, interval=interval) - NOON


def test_the_first_pull_is_due_at_once() -> None:
    assert next_pull(NOON, last=None, awaited=False, interval=INTERVAL) == NOON


def test_the_next_pull_comes_an_interval_after_the_last_one_began() -> None:
    assert after("completed") == INTERVAL


def test_a_run_that_still_runs_is_another_s_turn_or_a_dead_man_s_and_taken_at_once() -> None:
    assert after("running") == timedelta(seconds=1)


@pytest.mark.parametrize("status", ["completed", "running"])
def test_a_race_at_its_boundary_does_not_wait(status: str) -> None:
    assert after(status, awaited=True) == timedelta(seconds=1)


@pytest.mark.parametrize("status", ["failed", "quarantined"])
def test_a_pull_that_failed_is_tried_again_soon_and_sooner_when_a_race_waits(status: str) -> None:
    assert after(status) == RETRY
    assert after(status, awaited=True) == RETRY_AWAITED < RETRY


@pytest.mark.parametrize("awaited", [False, True])
def test_a_retry_never_comes_later_than_the_regular_pull(*, awaited: bool) -> None:
    assert after("failed", awaited=awaited, interval=timedelta(seconds=5)) == timedelta(seconds=5)


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_a_clock_that_was_put_back_delays_nothing(status: str) -> None:
    last = LastRun(NOON + timedelta(days=1), status)

    assert next_pull(NOON, last=last, awaited=False, interval=INTERVAL) == NOON
