from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.upstream.errors import FeedRefused, FeedUnavailable
from goatedvips.upstream.patience import Passing, Patience, retry_after

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def busy(*, asks: float | None = None) -> Passing:
    return Passing(FeedUnavailable("It answered 503"), status=503, retry_after=asks)


def patience(*, left: float = 1000, highest: bool = True) -> Patience:
    return Patience(1, 60, lambda: left, chance=lambda low, high: high if highest else low)


def test_waits_double_up_to_the_longest_and_start_anywhere_from_none() -> None:
    longest, shortest = patience(), patience(highest=False)

    assert [longest.wait(busy()) for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [shortest.wait(busy()) for _ in range(8)] == [0.0] * 8


def test_what_the_feed_asks_for_is_kept_to_up_to_the_longest() -> None:
    assert [patience().wait(busy(asks=seconds)) for seconds in (0, 7, 3600)] == [0, 7, 60]


def test_no_wait_outlasts_what_is_left() -> None:
    assert patience(left=59).wait(busy(asks=60)) is False
    assert patience(left=61).wait(busy(asks=60)) == 60


def test_a_404_is_asked_again_twice() -> None:
    missing = Passing(FeedRefused("It answered 404", answered=404), status=404)
    rule = patience()

    assert [rule.wait(missing) is not False for _ in range(3)] == [True, True, False]


def test_anything_else_is_not_asked_again() -> None:
    assert patience().wait(FeedUnavailable("no")) is False
    assert patience().wait(KeyError("a mistake of ours")) is False


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30),
        ("Monday, 23-Nov-26 12:00:30 GMT", 30),
        ("Mon, 23 Nov 2026 14:00:30 +0200", 30),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOON) == seconds


@given(st.text() | st.datetimes().map(lambda at: at.strftime("%a, %d %b %Y %H:%M:%S +2359")))
def test_no_header_breaks_it(header: str) -> None:
    seconds = retry_after(header, NOON)

    assert seconds is None or 0 <= seconds <= timedelta.max.total_seconds()
