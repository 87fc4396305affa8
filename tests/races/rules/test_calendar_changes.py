"""What was agreed stays, whatever becomes of the rule or the zone: no instant is skipped or held twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.races.rules.calendar import (
    SeriesRule,
    SeriesType,
    Window,
    next_window,
    resumed_window,
    window_at,
    window_from,
)
from tests.races.rules.examples import LONGEST, instants, rules
from tests.races.zones import OwnZones, own_zones


def utc(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@given(rules, instants)
def test_a_window_of_the_rule_is_the_window_from_its_start(rule: SeriesRule, instant: datetime) -> None:
    window = window_at(rule, instant)

    assert window == window_from(rule, window.starts_at)


@given(rules, instants)
def test_no_race_is_a_stub_and_none_is_two_races_long(rule: SeriesRule, start: datetime) -> None:
    window = window_from(rule, start)

    regular = window_at(rule, start)
    assert window.starts_at == start
    assert window == window_from(rule, start)
    assert window.length * 2 >= regular.length
    assert window.ends_at in {regular.ends_at, window_at(rule, regular.ends_at).ends_at}
    assert window.length < LONGEST[rule.type] * 3 / 2


@given(st.lists(rules, min_size=1, max_size=12), instants)
def test_a_rule_that_is_edited_between_any_two_races_skips_and_repeats_no_instant(
    edits: list[SeriesRule], instant: datetime
) -> None:
    window = window_at(edits[0], instant)
    for rule in edits:
        following = next_window(rule, window)

        assert window.ends_at == following.starts_at
        assert following.length * 2 >= window_at(rule, following.starts_at).length
        window = following
    # A rule that is let alone is back in step after one race.
    settled = next_window(edits[-1], window)
    assert settled == window_at(edits[-1], settled.starts_at)


@given(rules, rules, instants, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_series_that_was_off_goes_on_with_the_present_and_overlaps_nothing(
    before: SeriesRule, after: SeriesRule, instant: datetime, off: timedelta
) -> None:
    last = window_at(before, instant)
    now = instant + off

    window = resumed_window(after, last, now)

    assert window.starts_at >= last.ends_at
    assert now < last.ends_at or now in window
    assert window.length * 2 >= window_at(after, window.starts_at).length


@pytest.fixture(scope="module")
def zones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnZones]:
    with own_zones(tmp_path_factory.mktemp("zones")) as zones:
        yield zones


def posix_rule(quarters: int, summer: str) -> str:
    hours, minutes = divmod(abs(quarters) * 15, 60)
    # To POSIX, what is east of Greenwich is negative.
    return f"XXX{'-' if quarters > 0 else ''}{hours}:{minutes:02d}{summer}"


zone_rules = st.builds(posix_rule, st.integers(-12 * 4, 14 * 4), st.sampled_from(["", "YYY,M3.5.0,M10.5.0"]))


@given(
    st.lists(zone_rules, min_size=2, max_size=6),
    instants,
    st.sampled_from(["daily", "weekly", "monthly"]),
    st.integers(0, 23),
)
def test_a_zone_whose_rules_change_while_a_race_runs_skips_and_repeats_no_instant(
    zones: OwnZones, changes: list[str], instant: datetime, kind: SeriesType, hour: int
) -> None:
    rule = SeriesRule(kind, zones.set("Test/Moving", changes[0]), start_hour=hour)
    window = window_at(rule, instant)
    for change in changes[1:]:
        zones.set("Test/Moving", change)
        following = next_window(rule, window)

        assert window.ends_at == following.starts_at
        assert following.length * 2 >= window_at(rule, following.starts_at).length
        assert following.length < LONGEST[kind] * 3 / 2
        window = following
    settled = next_window(rule, window)
    assert settled == window_at(rule, settled.starts_at)


def test_an_hour_that_is_left_of_a_day_is_joined_with_the_next() -> None:
    moved_by_an_hour = Window(utc(2026, 7, 1), utc(2026, 7, 2))

    following = next_window(SeriesRule("daily", start_hour=1), moved_by_an_hour)

    assert Window(utc(2026, 7, 2), utc(2026, 7, 3, 1)) == following


@pytest.mark.parametrize(("hour", "ends_at"), [(11, utc(2026, 7, 3, 11)), (12, utc(2026, 7, 2, 12))])
def test_half_a_day_is_a_race_of_its_own(hour: int, ends_at: datetime) -> None:
    following = next_window(SeriesRule("daily", start_hour=hour), Window(utc(2026, 7, 1), utc(2026, 7, 2)))

    assert ends_at == following.ends_at
