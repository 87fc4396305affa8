"""The past and the reasons, over HTTP."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from goatedvips.kit.clock import utc_now
from goatedvips.leaderboards.schemas import LeaderboardData
from goatedvips.races.schemas import RacePosition, RaceStandings
from tests.api.conftest import Site

ADA, BOB, CID = "uidAda00000000000001", "uidBob00000000000002", "uidCid00000000000003"


def test_a_board_as_of_its_own_moment_is_what_was_shown(site: Site) -> None:
    before = site.get("/api/leaderboard?limit=3")
    shown = before.json()["metadata"]["asOf"]
    site.feed.wager(BOB, "99999999")
    site.feed.people[CID] = ("Renamed", site.feed.people[CID][1])
    site.pull()

    assert site.get("/api/leaderboard?limit=3").content != before.content
    then = site.get(f"/api/leaderboard?limit=3&asOf={shown}")
    assert (then.status_code, then.content) == (200, before.content)
    LeaderboardData.model_validate(then.json())
    assert then.headers["Cache-Control"].startswith("public, max-age=")
    assert f"asOf={quote(shown[:10])}" in then.headers["Link"]
    held = {"If-None-Match": then.headers["ETag"]}
    assert site.get(f"/api/leaderboard?limit=3&asOf={shown}", held).status_code == 304
    found = site.json(f"/api/leaderboard?asOf={shown}&search=100%25")
    assert [each["name"] for each in found["data"]] == ["100%sure"]
    assert site.json(f"/api/leaderboard?asOf={shown}&search=renamed")["data"] == []
    assert site.get(f"/api/leaderboard?asOf={quote(utc_now().isoformat())}").headers["Cache-Control"] == (
        "no-cache"
    )


def test_standings_as_of_a_moment_are_what_was_shown(site: Site) -> None:
    race = site.race()["id"]
    site.feed.wager(BOB, "5")
    site.pull()
    before = site.json(f"/api/wager-races/{race}/standings")
    site.feed.wager(ADA, "7")
    site.pull()

    then = site.json(f"/api/wager-races/{race}/standings?asOf={before['metadata']['asOf']}")
    assert then["data"] == before["data"]
    assert [each["goatedId"] for each in then["data"]] == [BOB]
    RaceStandings.model_validate(then)


WRONG = [
    "",
    "now",
    "1742990400",
    "2025-03-26",
    "2025-03-26T12:00:00",
    "2025-02-30T12:00:00Z",
    "2025-03-26T12:00:00+00:00",
    "0001-01-01T00:00:00%2B14:00",
    "9999-12-31T23:59:59-14:00",
    "2025-03-26T25:00:00Z",
    "٢٠٢٥-03-26T12:00:00Z",
]


@pytest.mark.parametrize("moment", WRONG)
@pytest.mark.parametrize("path", ["/api/leaderboard", "/api/wager-races/1/standings"])
def test_a_moment_that_is_none_is_refused_by_name(shared: Site, path: str, moment: str) -> None:
    answer = shared.get(f"{path}?asOf={moment}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["asOf"]


@pytest.mark.parametrize("path", ["/api/leaderboard", "/api/wager-races/1/standings"])
def test_the_future_is_refused_and_before_all_reports_there_is_nothing(shared: Site, path: str) -> None:
    future = shared.get(f"{path}?asOf={quote((utc_now() + timedelta(minutes=1)).isoformat())}")
    early = shared.get(f"{path}?asOf=2001-01-01T00:00:00Z")

    assert (future.status_code, future.json()["errors"][0]["field"]) == (422, "asOf")
    assert (early.status_code, early.json()["code"]) == (404, "nothing_known_yet")
    assert early.json()["detail"].startswith("The first report is of ")


def test_a_place_is_explained_to_whoever_asks(shared: Site) -> None:
    race = shared.json("/api/wager-races/current?type=special")["id"]
    plain = shared.json(f"/api/wager-races/{race}/position/{ADA}")
    explained = shared.get(f"/api/wager-races/{race}/position/{ADA}?explain=true")
    idle = shared.json(f"/api/wager-races/{race}/position/{CID}?explain=true")

    assert "explanation" not in plain
    found = explained.json()
    why = found.pop("explanation")
    assert found == plain
    assert (why["startTotal"], why["endTotal"]) == ("12000.00000000", "12010.00000000")
    RacePosition.model_validate(explained.json())
    held = {"If-None-Match": explained.headers["ETag"]}
    assert shared.get(f"/api/wager-races/{race}/position/{ADA}?explain=true", held).status_code == 304
    assert "not_moved" in [mark["code"] for mark in idle["explanation"]["marks"]]


def test_explaining_checks_its_question(shared: Site) -> None:
    race = shared.json("/api/wager-races/current?type=special")["id"]
    path = f"/api/wager-races/{race}/position"

    assert shared.get(f"{path}/nobody?explain=true").status_code == 404
    assert shared.get(f"/api/wager-races/999999/position/{ADA}?explain=true").status_code == 404
    wrong = shared.get(f"{path}/{ADA}?explain=maybe")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "explain")
    assert shared.get(f"{path}/{ADA}?why=true").status_code == 422
