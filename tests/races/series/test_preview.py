"""Races before they are: when, how long, and what they pay."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.kit.errors import BadInput
from goatedvips.races.rules.calendar import Window
from goatedvips.races.schemas import WagerRaceCreate
from goatedvips.races.series.preview import preview_race, preview_series
from goatedvips.races.series.schemas import RaceOfSeries, SeriesCreate, SeriesPreview
from goatedvips.races.series.terms import series_columns


def utc(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def preview(now: datetime, count: int = 3, **fields: Any) -> SeriesPreview:  # noqa: ANN401 - the fields of the model
    wanted = {"name": "Race", "type": "daily", "prize_pool": "100"} | fields
    return preview_series(series_columns(SeriesCreate.model_validate(wanted)), now=now, count=count)


def notes(race: RaceOfSeries) -> list[str]:
    return [note.code for note in race.notes]


@given(
    st.sampled_from(["daily", "weekly", "monthly"]),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Apia", "UTC"]),
    st.integers(0, 23),
    st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis adds the zone
    st.integers(1, 100),
)
def test_instances_follow_each_other_from_now_on(
    kind: str, zone: str, hour: int, now: datetime, count: int
) -> None:
    races = preview(now, count, type=kind, timezone=zone, start_hour=hour).instances

    assert len(races) == count
    assert races[0].start_date <= now < races[0].end_date
    assert all(one.end_date == two.start_date for one, two in pairwise(races))
    for race in races:
        assert race.hours == (race.end_date - race.start_date) / timedelta(hours=1)
        assert datetime.fromisoformat(race.local_start) == race.start_date
        assert datetime.fromisoformat(race.local_end) == race.end_date
        assert (
            datetime.fromisoformat(race.local_start).utcoffset()
            == race.start_date.astimezone(ZoneInfo(zone)).utcoffset()
        )


@pytest.mark.parametrize(
    ("zone", "hour", "now", "expected"),
    [
        ("Europe/Berlin", 0, utc(2027, 3, 27, 23), (23, ["begun", "clocks_change"])),
        ("Europe/Berlin", 0, utc(2027, 10, 30, 22), (25, ["begun", "clocks_change"])),
        ("Europe/Berlin", 2, utc(2027, 3, 28, 1), (23, ["begun", "hour_skipped", "clocks_change"])),
        ("Europe/Berlin", 2, utc(2027, 10, 31, 0), (25, ["begun", "hour_twice", "clocks_change"])),
        ("Europe/Berlin", 2, utc(2027, 3, 27, 1), (24, ["begun"])),
        ("Australia/Lord_Howe", 0, utc(2026, 10, 3, 18), (23.5, ["begun", "clocks_change"])),
        ("UTC", 0, utc(2028, 2, 29), (24, ["begun"])),
    ],
)
def test_a_night_on_which_the_clocks_change_is_told(
    zone: str, hour: int, now: datetime, expected: tuple[float, list[str]]
) -> None:
    (race,) = preview(now, 1, timezone=zone, start_hour=hour).instances

    assert expected == (race.hours, notes(race))


def test_a_month_without_the_day_starts_on_its_last() -> None:
    races = preview(utc(2028, 1, 31), 3, type="monthly", day_of_month=31).instances

    assert [notes(race) for race in races] == [["begun"], ["month_end"], []]
    assert races[1].start_date == utc(2028, 2, 29)
    assert races[1].notes[0].text == "February has no day 31: it starts on its last, the 29th."


def test_a_series_goes_on_where_its_newest_race_ends_and_says_so() -> None:
    columns = series_columns(SeriesCreate(name="Race", type="daily", prize_pool="1", start_hour=1))
    held = columns | {
        "id": 7,
        "enabled": True,
        "newest_start": utc(2026, 7, 1),
        "newest_end": utc(2026, 7, 2),
    }
    shown = preview_series(held, now=utc(2026, 7, 1, 12), count=2)
    off = preview_series(held | {"enabled": False}, now=utc(2026, 7, 9, 12), count=1)
    late = preview_series(held, now=utc(2026, 7, 9, 12), count=1)

    assert [notes(race) for race in shown.instances] == [["moved", "joined"], []]
    assert shown.instances[0].end_date == utc(2026, 7, 3, 1)
    assert shown.instances[0].notes[1].text.startswith("Only 1 hours were left")
    assert off.instances[0].start_date == late.instances[0].start_date == utc(2026, 7, 9, 1)


def test_races_that_are_made_come_first_and_count() -> None:
    columns = series_columns(SeriesCreate(name="Race", type="daily", prize_pool="1"))
    held = columns | {
        "id": 7,
        "enabled": True,
        "newest_start": utc(2026, 7, 2),
        "newest_end": utc(2026, 7, 3),
    }
    made = [{"id": 9, "name": "Birthday", "start_date": utc(2026, 7, 2), "end_date": utc(2026, 7, 3)}]

    one = preview_series(held, now=utc(2026, 7, 1), count=1, made=made)
    two = preview_series(held, now=utc(2026, 7, 1), count=2, made=made)

    assert [(race.race_id, race.name) for race in one.instances] == [(9, "Birthday")]
    assert [(race.race_id, race.name) for race in two.instances] == [
        (9, "Birthday"),
        (None, "Race, 3 July 2026"),
    ]


def test_prizes_are_exact_and_what_no_place_takes_is_told() -> None:
    shown = preview(
        utc(2026, 7, 1),
        prize_pool="100.01",
        prizes=[{"from": 1, "to": 2, "percent": "33.3"}, {"place": 3, "amount": "0.07"}],
    )

    assert [(place.place, place.cents, place.amount) for place in shown.prizes] == [
        (1, 3330, "33.30"),
        (2, 3330, "33.30"),
        (3, 7, "0.07"),
    ]
    assert (shown.prize_pool, shown.unpaid) == ("100.01", "33.34")


def race(**fields: Any) -> WagerRaceCreate:  # noqa: ANN401 - the fields of the model
    wanted = {
        "name": "Race",
        "type": "special",
        "start_date": utc(2027, 10, 30, 22),
        "end_date": utc(2027, 10, 31, 23),
        "prize_pool": "10",
        "timezone": "Europe/Berlin",
    }
    return WagerRaceCreate.model_validate(wanted | fields)


def test_a_single_race_is_shown_by_its_zones_clock() -> None:
    shown = preview_race(race(), utc(2027, 1, 1))

    assert (shown.local_start, shown.local_end) == ("2027-10-31T00:00:00+02:00", "2027-11-01T00:00:00+01:00")
    assert (shown.hours, [note.code for note in shown.notes]) == (25, ["clocks_change"])
    assert sum(place.cents for place in shown.prizes) == 1000
    assert [note.code for note in preview_race(race(timezone="UTC"), utc(2027, 10, 31)).notes] == ["begun"]


def test_a_race_that_cannot_be_is_not_shown() -> None:
    with pytest.raises(BadInput) as refused:
        preview_race(race(end_date=utc(2027, 10, 1)), utc(2027, 1, 1))

    assert [error.field for error in refused.value.errors] == ["endDate"]


def test_the_length_of_a_window_is_what_lies_between_its_ends() -> None:
    assert Window(utc(2026, 1, 1), utc(2026, 1, 2, 3)).length == timedelta(hours=27)
