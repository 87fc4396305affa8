"""Races edited and previewed over HTTP."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

if TYPE_CHECKING:
    from tests.api.conftest import Site

from goatedvips.kit.clock import utc_now
from goatedvips.races.schemas import WagerRaceResponse
from goatedvips.races.series.schemas import RacePreview
from tests.api.conftest import ADMIN


def coming(site: "Site") -> dict[str, Any]:
    now = utc_now()
    return site.race(
        startDate=(now + timedelta(hours=1)).isoformat(), endDate=(now + timedelta(hours=2)).isoformat()
    )


def actor(site: "Site") -> str:
    (user,) = site.execute("SELECT id FROM users WHERE username = %s", ADMIN)
    return f"user:{user[0]}"


def patch(site: "Site", race: object, change: object, **headers: str) -> httpx2.Response:
    path = f"/api/admin/wager-races/{race}"
    return site.client.patch(path, json=change, headers=site.admins | headers)


def test_a_race_is_edited_at_the_version_that_was_seen(site: "Site") -> None:
    race = coming(site)
    seen = f'"{race["metadata"]["version"]}"'
    edited = patch(site, race["id"], {"prizePool": "5.00", "name": "Five"}, **{"If-Match": seen})
    stale = patch(site, race["id"], {"prizePool": "6.00"}, **{"If-Match": seen})
    again = patch(site, race["id"], {"prizePool": "7.00"}, **{"If-Match": edited.headers["etag"]})
    whatever = patch(site, race["id"], {"prizePool": "8.00"}, **{"If-Match": "*"})
    unasked = patch(site, race["id"], {"prizePool": "9.00"})

    assert WagerRaceResponse.model_validate_json(edited.content).name == "Five"
    assert (stale.status_code, stale.json()["code"]) == (412, "race_changed")
    assert [answer.json()["prizePool"] for answer in (again, whatever, unasked)] == ["7.00", "8.00", "9.00"]
    actors = site.execute("SELECT DISTINCT actor FROM audit_log WHERE action = 'race.edited'")
    assert actors == [(actor(site),)]
    site.until(lambda: bool(site.json(f"/api/wager-races/{race['id']}")["prizePool"] == "9.00"))


@pytest.mark.parametrize("tag", ["1", 'W/"1"', '"one"', '"1", "2"', '"99999999999999999999"', ""])
def test_a_tag_that_is_no_version_matches_none(shared: "Site", tag: str) -> None:
    assert patch(shared, coming(shared)["id"], {"name": "x"}, **{"If-Match": tag}).status_code == 412


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"endDate": "2020-01-01T00:00:00Z"}, "endDate"),
        ({"prizePool": 5}, "prizePool"),
        ({"status": "completed"}, "status"),
        ({"rejectPolicy": "keep"}, "rejectPolicy"),
        ({"metadata": {"a": "\0"}}, "metadata"),
    ],
)
def test_an_edit_that_cannot_be_names_the_field(shared: "Site", change: dict[str, Any], field: str) -> None:
    answer = patch(shared, coming(shared)["id"], change)

    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_what_has_begun_or_is_not_there_is_not_edited(shared: "Site") -> None:
    live = shared.json("/api/wager-races/current")["id"]
    stranger = shared.client.patch(f"/api/admin/wager-races/{live}", json={"name": "x"})

    assert patch(shared, live, {"name": "x"}).json()["code"] == "race_not_editable"
    assert patch(shared, 999_999, {"name": "x"}).status_code == 404
    assert patch(shared, "one", {"name": "x"}).status_code == 422
    assert stranger.status_code == 401


def test_a_preview_is_shown_and_nothing_made(shared: "Site") -> None:
    before = shared.json("/api/wager-races")["pagination"]["total"]
    wanted = {
        "name": "x",
        "type": "special",
        "startDate": "2027-10-30T22:00:00Z",
        "endDate": "2027-10-31T23:00:00Z",
        "prizePool": "100.01",
        "timezone": "Europe/Berlin",
    }
    shown = shared.admin("/preview", wanted)
    odd = shared.admin("/preview", wanted | {"endDate": "2027-10-30T22:00:00Z"})

    preview = RacePreview.model_validate_json(shown.content)
    assert (shown.status_code, preview.hours, preview.unpaid) == (200, 25, "0.00")
    assert sum(place.cents for place in preview.prizes) == 10_001
    assert odd.status_code == 422
    assert shared.json("/api/wager-races")["pagination"]["total"] == before


def test_every_act_over_http_is_audited(site: "Site") -> None:
    race = coming(site)
    patch(site, race["id"], {"name": "x"})
    site.admin(f"/{race['id']}/cancel", {"reason": "No."})

    acts = site.execute(
        "SELECT actor, action FROM audit_log WHERE subject = %s ORDER BY id", f"race:{race['id']}"
    )
    assert acts == [(actor(site), f"race.{act}") for act in ("created", "edited", "cancelled")]
