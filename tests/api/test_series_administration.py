"""Series made, edited, switched and previewed over HTTP."""

from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from goatedvips.races.series.schemas import SeriesList, SeriesPreview, SeriesView
from tests.api.conftest import ADMIN
from tests.api.winners import fields, look, post
from tests.people import add_person

if TYPE_CHECKING:
    from tests.api.conftest import Site

HAPPY = {"name": "Happy hour", "type": "daily", "timezone": "Europe/Berlin", "prizePool": "50.00"}


def patch(site: "Site", series: object, change: object, **headers: str) -> httpx2.Response:
    path = f"/api/admin/race-series/{series}"
    return site.client.patch(path, json=change, headers=site.admins | headers)


@pytest.fixture
def happy(site: "Site") -> int:
    """A daily series of fifty dollars."""
    answer = post(site, "race-series", HAPPY)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_a_series_is_made_with_the_race_that_goes_on_and_the_next(site: "Site") -> None:
    made = post(site, "race-series", HAPPY)
    shown = site.client.get(made.headers["location"], headers=site.admins)
    everything = SeriesList.model_validate(look(site, "race-series"))

    series = SeriesView.model_validate_json(made.content)
    assert made.status_code == 201
    assert [race.status for race in series.races] == ["live", "scheduled"]
    assert shown.json() == made.json()
    assert shown.headers["etag"] == made.headers["etag"] == '"1"'
    assert series in everything.data
    races = site.json("/api/wager-races?limit=100")["data"]
    assert {race.id for race in series.races} <= {race["id"] for race in races}


def test_a_series_is_edited_at_the_version_that_was_seen(site: "Site", happy: int) -> None:
    edited = patch(site, happy, {"prizePool": "60.00"}, **{"If-Match": '"1"'})
    stale = patch(site, happy, {"prizePool": "70.00"}, **{"If-Match": '"1"'})
    off = post(site, f"race-series/{happy}/disable", **{"If-Match": '"1"'})
    next_off = post(site, f"race-series/{happy}/disable", **{"If-Match": edited.headers["etag"]})

    assert (edited.status_code, edited.json()["prizePool"], edited.headers["etag"]) == (200, "60.00", '"2"')
    assert (stale.status_code, stale.json()["code"]) == (412, "series_changed")
    assert off.status_code == 412
    assert (next_off.json()["enabled"], next_off.headers["etag"]) == (False, '"3"')
    coming = [race["id"] for race in edited.json()["races"] if race["status"] == "scheduled"]
    pools = site.execute("SELECT prize_pool FROM wager_races WHERE id = ANY(%s)", coming)
    assert pools == [(6000,)] * len(coming)


def test_a_series_is_switched_off_and_on_and_says_who_did_it(site: "Site", happy: int) -> None:
    states = [
        post(site, f"race-series/{happy}/{verb}").json()["enabled"]
        for verb in ("disable", "disable", "enable", "enable")
    ]

    assert states == [False, False, True, True]
    (user,) = site.execute("SELECT id FROM users WHERE username = %s", ADMIN)
    acts = site.execute(
        "SELECT action, actor FROM audit_log WHERE subject = %s ORDER BY id", f"series:{happy}"
    )
    by = f"user:{user[0]}"
    assert acts == [(f"series.{act}", by) for act in ("created", "disabled", "enabled")]


def test_its_next_races_are_previewed_over_a_change_of_clocks(site: "Site", happy: int) -> None:
    preview = SeriesPreview.model_validate(look(site, f"race-series/{happy}/preview?count=100"))
    few = look(site, f"race-series/{happy}/preview")

    assert (len(preview.instances), len(few["instances"])) == (100, 5)
    assert all(race.hours in {23, 24, 25} for race in preview.instances)
    assert preview.series_id == happy


def test_a_name_is_taken_once(site: "Site", happy: int) -> None:
    twin = post(site, "race-series", HAPPY)
    other = post(site, "race-series", HAPPY | {"name": "Other"}).json()["id"]
    renamed = patch(site, other, {"name": HAPPY["name"]})

    assert [(answer.status_code, fields(answer)) for answer in (twin, renamed)] == [(422, ["name"])] * 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "17"}, "name"),
        ({"name": "a\0"}, "name"),
        ({"type": "special"}, "type"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"startHour": 24}, "startHour"),
        ({"startHour": False}, "startHour"),
        ({"startHour": "1"}, "startHour"),
        ({"prizes": [{"place": True, "percent": "1"}]}, "prizes"),
        ({"weekday": 1}, "weekday"),
        ({"type": "weekly", "weekday": 8}, "weekday"),
        ({"type": "monthly", "dayOfMonth": 32}, "dayOfMonth"),
        ({"prizePool": 50}, "prizePool"),
        ({"prizePool": "50.001"}, "prizePool"),
        ({"prizes": [{"place": 1, "percent": "101"}]}, "prizes"),
        ({"minWager": "-1"}, "minWager"),
        ({"tiePolicy": "coin"}, "tiePolicy"),
        ({"enabled": False}, "enabled"),
    ],
)
def test_a_series_that_cannot_be_names_the_field(shared: "Site", change: dict[str, Any], field: str) -> None:
    answer = post(shared, "race-series", HAPPY | change)
    edit = patch(shared, 1, {"type": "daily"} | change)

    assert (answer.status_code, edit.status_code) == (422, 422)
    for complaint in (answer, edit):
        assert field in {name.split("[")[0].split(".")[0] for name in fields(complaint)}, complaint.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "999999", 404),
        ("PATCH", "999999", 404),
        ("POST", "999999/enable", 404),
        ("POST", "999999/disable", 404),
        ("GET", "999999/preview", 404),
        ("GET", "0", 422),
        ("GET", "one", 422),
        ("GET", "1/preview?count=0", 422),
        ("GET", "1/preview?count=101", 422),
        ("GET", "1/preview?from=now", 422),
        ("DELETE", "1", 405),
    ],
)
def test_what_is_not_there_or_cannot_be_is_said(shared: "Site", method: str, path: str, status: int) -> None:
    answer = shared.client.request(
        method,
        f"/api/admin/race-series/{path}",
        json={} if method == "PATCH" else None,
        headers=shared.admins,
    )

    assert answer.status_code == status


@pytest.mark.parametrize("role", ["user", "support"])
def test_series_are_made_by_administrators_alone(shared: "Site", role: str) -> None:
    person = add_person(shared.dsn, f"no_maker_{role}", role=role)

    assert shared.client.post("/api/admin/race-series", json=HAPPY, headers=person.bearer).status_code == 403
    assert shared.client.get("/api/admin/race-series", headers=person.bearer).status_code == 403
    assert shared.get("/api/admin/race-series").status_code == 401
