"""Races as a calendar, read back as a calendar program reads them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Event

from goatedvips.races.calendar_feed.ical import as_calendar

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def race(race_id: int = 7, **columns: Any) -> dict[str, Any]:  # noqa: ANN401 - the columns of the table
    return {
        "id": race_id,
        "name": "Daily race, 1 July 2026",
        "type": "daily",
        "status": "live",
        "start_date": NOON,
        "end_date": NOON + timedelta(hours=23),
        "prize_pool": 10_000,
        "prizes": [{"place": 1, "percent": "60"}, {"place": 2, "amount": "12.50"}],
        "metadata": {},
        "version": 3,
        "created_at": NOON - timedelta(days=1),
        "updated_at": NOON - timedelta(hours=1),
    } | columns


def read_back(*races: dict[str, Any], public_url: str | None = None) -> tuple[Calendar, list[Event]]:
    written = as_calendar(races, public_url=public_url)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    read = Calendar.from_ical(written)
    assert read.to_ical() == written
    assert not read.errors
    assert not any(event.errors for event in read.events)
    return read, read.events


def test_a_race_is_an_event_from_its_start_to_its_end() -> None:
    calendar, (event,) = read_back(race(), public_url="https://example.com/")

    assert (calendar.prodid, calendar.version) == ("-//GoatedVIPs//Wager races//EN", "2.0")
    assert (event.start, event.end) == (NOON, NOON + timedelta(hours=23))
    assert (event["SEQUENCE"], event["STATUS"], event["TRANSP"]) == (3, "CONFIRMED", "TRANSPARENT")
    assert event["URL"] == "https://example.com/races/7"
    assert event.summary == "Daily race, 1 July 2026"
    assert event.description == "Prize pool: 100.00 dollars\nPlace 1: 60.00\nPlace 2: 12.50"
    assert event.categories == ["daily"]
    assert event.stamp == event.last_modified == NOON - timedelta(hours=1)
    assert b"DTSTART:20260701T120000Z" in as_calendar([race()], public_url=None)


def test_without_a_public_address_there_is_no_link() -> None:
    _, (event,) = read_back(race())

    assert "URL" not in event


def test_a_cancelled_race_says_so_and_why() -> None:
    _, (event,) = read_back(
        race(status="cancelled", metadata={"cancelReason": "The feed was\r\ndown; sorry, all"})
    )

    assert event["STATUS"] == "CANCELLED"
    assert event.description.splitlines()[0] == "Cancelled: The feed was down; sorry, all"


def test_an_event_is_known_again_whatever_was_changed_and_by_nobody_elses_name() -> None:
    _, (before,) = read_back(race())
    _, (after,) = read_back(race(name="Other", version=9, end_date=NOON + timedelta(days=3)))
    _, (other,) = read_back(race(8))
    _, (elsewhere,) = read_back(race(created_at=NOON))

    assert before.uid == after.uid
    assert len({before.uid, other.uid, elsewhere.uid}) == 3


@pytest.mark.parametrize(
    "name", ["Ägypten, \\n; 100%", "BEGIN:VEVENT\r\nX:1", "x" * 500, "🏆 a\tb\x07c\u2028d"]
)
def test_whatever_a_race_is_called_it_is_one_line_of_text(name: str) -> None:
    _, (event,) = read_back(race(name=name))

    assert event.summary == " ".join(name.replace("\x07", " ").split())


def test_a_long_table_is_cut_short() -> None:
    _, (event,) = read_back(race(prizes=[{"from": 1, "to": 50, "percent": "2"}]))

    lines = event.description.splitlines()
    assert (lines[1], lines[20], lines[21:]) == ("Place 1: 2.00", "Place 20: 2.00", ["… and 30 places more"])


def test_a_site_without_races_has_a_calendar_all_the_same() -> None:
    calendar, events = read_back()

    assert events == []
    assert calendar.prodid


def test_the_same_races_are_the_same_bytes() -> None:
    assert as_calendar([race()], public_url=None) == as_calendar([race()], public_url=None)
