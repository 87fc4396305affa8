"""The calendar of races over HTTP."""

from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

if TYPE_CHECKING:
    from tests.api.conftest import Feed, Site

from tests.api.conftest import serving, until_ready

PATH = "/api/wager-races.ics"


def events(site: "Site", query: str = "") -> dict[str, Any]:
    answer = site.get(PATH + query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return {str(event.summary): event for event in Calendar.from_ical(answer.content).events}


def test_races_are_a_calendar_that_changes_with_them(site: "Site") -> None:
    race = site.race(name="Tonight")
    first = site.get(PATH)
    held = site.get(PATH, headers={"If-None-Match": first.headers["etag"]})
    before = events(site)
    site.admin(f"/{race['id']}/cancel", {"reason": "Nobody came"})
    changed = site.get(PATH, headers={"If-None-Match": first.headers["etag"]})
    after = events(site)

    assert (held.status_code, held.content, changed.status_code) == (304, b"", 200)
    assert before["Tonight"]["STATUS"] == "CONFIRMED"
    assert after["Tonight"]["STATUS"] == "CANCELLED"
    assert after["Tonight"].uid == before["Tonight"].uid
    assert after["Tonight"]["SEQUENCE"] > before["Tonight"]["SEQUENCE"]
    assert "URL" not in after["Tonight"]
    assert any(name.startswith("Monthly race") for name in after)
    assert {str(event.categories[0]) for event in events(site, "?type=weekly").values()} == {"weekly"}


def test_events_lead_to_the_site_where_it_is_known(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed, goatedvips_public_url="https://example.com") as site:
        until_ready(site)
        race = site.race(name="Tonight")

        assert events(site)["Tonight"]["URL"] == f"https://example.com/races/{race['id']}"


@pytest.mark.parametrize(("query", "field"), [("?type=yearly", "type"), ("?page=1", "page")])
def test_what_is_not_understood_is_named(shared: "Site", query: str, field: str) -> None:
    answer = shared.get(PATH + query)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_only_the_last_hundred_races_that_are_over_are_shown(site: "Site") -> None:
    site.execute(
        "INSERT INTO wager_races (name, type, start_date, end_date, status, prize_pool, prizes)"
        " SELECT 'Old ' || n, 'special', now() - n * interval '1 day', now() - (n - 1) * interval '1 day',"
        ' \'cancelled\', 100, \'[{"place": 1, "percent": "100"}]\' FROM generate_series(1, 120) AS n'
    )

    shown = {name for name in events(site, "?type=special") if name.startswith("Old")}
    assert shown == {f"Old {n}" for n in range(1, 101)}
