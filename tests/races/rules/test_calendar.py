from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.kit.errors import BadInput
from goatedvips.races.rules.calendar import (
    SeriesRule,
    SeriesType,
    Window,
    next_window,
    starts_at,
    window_at,
)
from tests.races.rules.examples import LONGEST, ZONES, instants, rules


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def clock(instant: datetime, zone: str) -> str:
    return instant.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M")


def starts(rule: SeriesRule, instant: datetime, count: int) -> list[str]:
    window, shown = window_at(rule, instant), []
    for _ in range(count):
        shown.append(clock(window.starts_at, rule.zone))
        window = next_window(rule, window)
    return shown


def hours(kind: SeriesType, zone: str, instant: datetime) -> float:
    window = window_at(SeriesRule(kind, zone), instant)
    return (window.ends_at - window.starts_at) / timedelta(hours=1)


@given(rules, instants)
def test_every_instant_is_in_its_window_and_windows_are_neither_empty_nor_too_long(
    rule: SeriesRule, instant: datetime
) -> None:
    window = window_at(rule, instant)

    assert instant in window
    assert timedelta(0) < window.ends_at - window.starts_at <= LONGEST[rule.type]


@given(rules, instants, st.floats(0, 1, exclude_max=True))
def test_every_instant_of_a_window_is_in_that_window_and_no_other(
    rule: SeriesRule, instant: datetime, part: float
) -> None:
    window = window_at(rule, instant)

    assert window == window_at(rule, window.starts_at)
    assert window == window_at(rule, window.ends_at - timedelta(microseconds=1))
    # A part just below 1 is rounded to the end, which is the next window's.
    inside = min(
        (window.ends_at - window.starts_at) * part, window.ends_at - window.starts_at - timedelta.resolution
    )
    assert window == window_at(rule, window.starts_at + inside)
    assert window.ends_at not in window


@given(rules, instants)
def test_windows_follow_each_other_without_a_gap(rule: SeriesRule, instant: datetime) -> None:
    window = window_at(rule, instant)
    for _ in range(14):
        following = next_window(rule, window)

        assert window.ends_at == following.starts_at
        assert following == window_at(rule, window.ends_at)
        window = following


@given(
    st.sampled_from(ZONES),
    instants.map(lambda instant: instant.replace(tzinfo=None, second=0, microsecond=0)),
)
def test_a_start_is_the_first_instant_at_which_the_clock_has_reached_it(name: str, local: datetime) -> None:
    zone = ZoneInfo(name)

    start = starts_at(local, zone)

    minutes = (local.replace(tzinfo=UTC) + timedelta(minutes=step) for step in range(-15 * 60, 40 * 60))
    assert start == next(at for at in minutes if at.astimezone(zone).replace(tzinfo=None) >= local)


@given(rules, instants)
def test_months_and_weeks_start_on_their_day(rule: SeriesRule, instant: datetime) -> None:
    start = window_at(rule, instant).starts_at.astimezone(ZoneInfo(rule.zone))
    if start.replace(tzinfo=None).hour != rule.start_hour:
        return  # a skipped hour may end on the next date

    tomorrow = start.date() + timedelta(days=1)
    assert rule.type != "weekly" or rule.weekday == start.weekday()
    assert (
        rule.type != "monthly"
        or rule.day_of_month == start.day
        or (tomorrow.day == 1 and rule.day_of_month > start.day)
    )


def test_a_day_beyond_the_months_end_means_its_last_day() -> None:
    rule = SeriesRule("monthly", day_of_month=31)

    assert starts(rule, utc(2027, 12, 31), 5) == [
        "Fri 2027-12-31 00:00",
        "Mon 2028-01-31 00:00",
        "Tue 2028-02-29 00:00",
        "Fri 2028-03-31 00:00",
        "Sun 2028-04-30 00:00",
    ]


def test_a_leap_day_is_a_day() -> None:
    rule = SeriesRule("daily", "Europe/Berlin")

    assert starts(rule, utc(2028, 2, 28), 3) == [
        "Mon 2028-02-28 00:00",
        "Tue 2028-02-29 00:00",
        "Wed 2028-03-01 00:00",
    ]


def test_a_week_starts_on_its_weekday_at_its_hour() -> None:
    rule = SeriesRule("weekly", "America/New_York", start_hour=18, weekday=4)

    assert starts(rule, utc(2026, 11, 1), 2) == ["Fri 2026-10-30 18:00", "Fri 2026-11-06 18:00"]


@pytest.mark.parametrize(
    ("zone", "instant", "expected"),
    [
        ("Europe/Berlin", utc(2026, 3, 29, 12), 23),
        ("Europe/Berlin", utc(2026, 10, 25, 12), 25),
        ("America/New_York", utc(2026, 3, 8, 12), 23),
        ("America/New_York", utc(2026, 11, 1, 12), 25),
        ("Australia/Lord_Howe", utc(2026, 10, 3, 18), 23.5),
        ("Australia/Lord_Howe", utc(2026, 4, 5), 24.5),
        ("Asia/Kathmandu", utc(2026, 3, 29, 12), 24),
        # The Sunday had no midnight: its first instant was one o'clock.
        ("America/Sao_Paulo", utc(2018, 11, 4, 12), 23),
        ("America/Sao_Paulo", utc(2018, 2, 17, 12), 25),
    ],
)
def test_a_day_is_as_long_as_the_clocks_make_it(zone: str, instant: datetime, expected: float) -> None:
    assert expected == hours("daily", zone, instant)


def test_an_hour_that_is_skipped_starts_at_the_first_instant_after_the_gap() -> None:
    rule = SeriesRule("daily", "Europe/Berlin", start_hour=2)

    assert starts(rule, utc(2026, 3, 28, 12), 3) == [
        "Sat 2026-03-28 02:00",
        "Sun 2026-03-29 03:00",
        "Mon 2026-03-30 02:00",
    ]


def test_a_gap_of_half_an_hour_ends_on_the_half_hour() -> None:
    skipped = datetime(2026, 10, 4, 2, 15)  # noqa: DTZ001 - by the zone's clock

    assert (
        clock(starts_at(skipped, ZoneInfo("Australia/Lord_Howe")), "Australia/Lord_Howe")
        == "Sun 2026-10-04 02:30"
    )


def test_an_hour_that_comes_twice_starts_at_the_first_of_the_two() -> None:
    window = window_at(SeriesRule("daily", "Europe/Berlin", start_hour=2), utc(2026, 10, 25, 12))

    assert utc(2026, 10, 25, 0) == window.starts_at


def test_between_the_two_hours_no_second_race_starts() -> None:
    rule = SeriesRule("daily", "Europe/Berlin", start_hour=2)

    assert window_at(rule, utc(2026, 10, 25, 0)) == window_at(rule, utc(2026, 10, 25, 1))


def test_a_midnight_that_comes_twice_does_not_bring_yesterdays_race_back() -> None:
    # A minute past midnight the clocks went back to the day before.
    rule = SeriesRule("daily", "America/St_Johns")
    midnight = utc(2008, 11, 2, 2, 30)

    assert midnight == window_at(rule, midnight + timedelta(minutes=30)).starts_at


def test_a_date_that_a_zone_skips_has_no_race_of_its_own() -> None:
    rule = SeriesRule("daily", "Pacific/Apia")

    assert starts(rule, utc(2011, 12, 29, 12), 3) == [
        "Thu 2011-12-29 00:00",
        "Sat 2011-12-31 00:00",
        "Sun 2012-01-01 00:00",
    ]


def test_a_gap_at_the_end_of_a_date_leads_into_the_next_one() -> None:
    rule = SeriesRule("daily", "America/Nuuk", start_hour=23)

    assert starts(rule, utc(2024, 3, 30, 12), 3) == [
        "Fri 2024-03-29 23:00",
        "Sun 2024-03-31 00:00",
        "Sun 2024-03-31 23:00",
    ]


def test_the_window_after_a_changed_rule_starts_where_the_last_one_ended() -> None:
    daily = window_at(SeriesRule("daily"), utc(2026, 7, 1))

    following = next_window(SeriesRule("weekly"), daily)

    assert Window(utc(2026, 7, 2), utc(2026, 7, 6)) == following


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        window_at(SeriesRule("daily"), datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    "zone", ["Europe/Atlantis", "../etc/passwd", "/etc/localtime", "Europe", "", "UTC\0"]
)
def test_only_a_time_zone_is_a_time_zone(zone: str) -> None:
    with pytest.raises(BadInput) as refused:
        SeriesRule("daily", zone)

    assert [error.field for error in refused.value.errors] == ["timezone"]


def test_every_wrong_field_is_named() -> None:
    with pytest.raises(BadInput) as refused:
        SeriesRule("monthly", "Mars/Base", start_hour=24, weekday=-1, day_of_month=0)

    assert [error.field for error in refused.value.errors] == [
        "startHour",
        "weekday",
        "dayOfMonth",
        "timezone",
    ]
