"""Text that was an amount, and times that had no zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.kit.money import MAX_UNITS, from_units
from goatedvips.legacy.rules.values import cents, instant, units

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("17.83", 17_83000000),
        ("457.9517254411", 457_95172544),
        ("1e-7", 10),
        ("1.5E+3", 1500_00000000),
        ("0.000000005", 0),
        ("0.000000015", 2),
        ("-0", 0),
    ],
)
def test_a_wager_is_read_as_it_was_written(text: str, expected: int) -> None:
    assert units(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "NaN", "Infinity", "-1", "1e999", "1,5", "1.5 ", "1_000", "0x10", "null", "$5", "٣", "1."),
        *(".5", "1e", "9" * 41, "92233720369"),
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is (not a finite amount|negative|more than)"):
        units(text)


@given(st.integers(0, MAX_UNITS))
def test_every_amount_that_can_be_held_is_read_exactly(amount: int) -> None:
    assert units(str(from_units(amount))) == amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [("500", 50000), ("99.5", 9950), ("99.50", 9950), ("1.0000", 100), ("1e2", 10000), ("0", 0), ("0.00", 0)],
)
def test_a_prize_is_whole_cents(text: str, expected: int) -> None:
    assert cents(text) == expected


@pytest.mark.parametrize("text", ["0.005", "-5", "NaN", "1e13", "1e-300", "9999999999999"])
def test_what_is_no_prize_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text[:8]):
        cents(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-01-15 12:00:00", datetime(2025, 1, 15, 11, tzinfo=UTC)),
        ("2025-07-15 12:00:00.123456", datetime(2025, 7, 15, 10, 0, 0, 123456, tzinfo=UTC)),
        # Twice on the clock: the first counts.
        ("2025-10-26 02:30:00", datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        # Never on the clock.
        ("2025-03-30 02:30:00", datetime(2025, 3, 30, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_the_zones(text: str, expected: datetime) -> None:
    assert instant(text, BERLIN) == expected


@pytest.mark.parametrize(
    "text",
    ["infinity", "-infinity", "0044-03-15 00:00:00 BC", "12345-01-01 00:00:00", "1999-12-31 23:00:00", ""],
)
def test_what_is_no_time_of_the_first_system_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no time|lies before"):
        instant(text, BERLIN)


def test_a_time_at_the_end_of_the_calendar_is_none() -> None:
    with pytest.raises(ValueError, match="is no time"):
        instant("9999-12-31 23:59:59", ZoneInfo("America/New_York"))


def test_what_has_been_cannot_be_still_to_come() -> None:
    now = datetime(2025, 3, 26, 12, tzinfo=UTC)

    assert instant("2025-03-26 13:00:00", BERLIN, latest=now) == now
    with pytest.raises(ValueError, match="still to come"):
        instant("2025-03-26 13:00:00.000001", BERLIN, latest=now)
