from datetime import UTC, datetime, timedelta
from itertools import product
from typing import get_args

import pytest

from goatedvips.races.rules.lifecycle import Phase, Status, is_over, may_become, phase, seconds_left

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=31)
MOMENT = timedelta(microseconds=1)
STATUSES: tuple[Status, ...] = get_args(Status)
ALLOWED = {("scheduled", "live"), ("scheduled", "cancelled"), ("live", "completed"), ("live", "cancelled")}


@pytest.mark.parametrize(("status", "following"), list(product(STATUSES, STATUSES)))
def test_a_race_takes_only_the_steps_of_the_table(status: Status, following: Status) -> None:
    assert ((status, following) in ALLOWED) == may_become(status, following)


def test_nothing_follows_completed_and_cancelled() -> None:
    assert {"completed", "cancelled"} == {status for status in STATUSES if is_over(status)}


@pytest.mark.parametrize(
    ("status", "now", "expected"),
    [
        ("scheduled", START - MOMENT, "scheduled"),
        ("scheduled", START, "live"),
        ("scheduled", END - MOMENT, "live"),
        ("scheduled", END, "settling"),
        ("live", START - MOMENT, "live"),
        ("live", START, "live"),
        ("live", END - MOMENT, "live"),
        ("live", END, "settling"),
        *(
            (status, now, status)
            for status in ("completed", "cancelled")
            for now in (START - MOMENT, START, END - MOMENT, END)
        ),
    ],
)
def test_the_phase_follows_from_status_and_time(status: Status, now: datetime, expected: Phase) -> None:
    assert expected == phase(status, starts_at=START, ends_at=END, now=now)


@pytest.mark.parametrize(
    ("status", "now", "expected"),
    [
        ("scheduled", START - timedelta(seconds=90), 90),
        ("scheduled", START, 31 * 86_400),
        ("live", END - timedelta(seconds=2), 2),
        ("live", END - MOMENT, 1),
        ("live", END, 0),
        ("live", END + timedelta(days=1), 0),
        ("completed", START, 0),
        ("cancelled", START, 0),
    ],
)
def test_the_seconds_count_to_the_start_and_then_to_the_end(
    status: Status, now: datetime, expected: int
) -> None:
    assert expected == seconds_left(status, starts_at=START, ends_at=END, now=now)
