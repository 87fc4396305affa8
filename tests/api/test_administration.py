"""Races made and cancelled over HTTP."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from goatedvips.kit.clock import utc_now
from goatedvips.races.schemas import WagerRaceResponse

if TYPE_CHECKING:
    from tests.api.conftest import Site

ADA = "uidAda00000000000001"


def wish(**more: object) -> dict[str, Any]:
    now = utc_now()
    return {
        "name": "Friday night",
        "type": "special",
        "startDate": (now + timedelta(hours=1)).isoformat(),
        "endDate": (now + timedelta(hours=2)).isoformat(),
        "prizePool": "100.00",
    } | more


def test_a_race_is_made_shown_and_cancelled(site: "Site") -> None:
    made = site.admin("", wish())
    shown = site.json(made.headers["location"])
    cancelled = site.admin(f"/{made.json()['id']}/cancel", {"reason": "Nobody came"})
    again = site.admin(f"/{made.json()['id']}/cancel", {"reason": "Nobody came"})

    assert made.status_code == 201
    assert WagerRaceResponse.model_validate_json(made.content).metadata.phase == "scheduled"
    assert shown["name"] == "Friday night"
    assert cancelled.status_code == 200
    assert cancelled.json()["status"] == "cancelled"
    assert "Nobody came" in cancelled.json()["metadata"]["marks"][0]["text"]
    assert again.status_code == 409
    site.until(lambda: bool(site.json(made.headers["location"])["status"] == "cancelled"))


def test_a_race_that_began_in_the_past_counts_from_the_first_report_after_its_start(site: "Site") -> None:
    race = site.race()
    site.feed.wager(ADA, "12.5")
    site.pull()

    shown = site.json(f"/api/wager-races/{race['id']}")

    assert race["metadata"]["phase"] == "live"
    assert race["metadata"]["boundaries"]["start"] is not None
    assert [(row["goatedId"], row["wagered"]) for row in shown["participants"]] == [(ADA, 12.5)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"type": "hourly"}, "type"),
        ({"startDate": "2026-12-01T00:00:00"}, "startDate"),
        ({"startDate": "soon"}, "startDate"),
        ({"endDate": "2020-01-01T00:00:00Z"}, "endDate"),
        ({"prizePool": "1.005"}, "prizePool"),
        ({"prizePool": 100}, "prizePool"),
        ({"prizePool": "-5"}, "prizePool"),
        ({"minWager": "1e3"}, "minWager"),
        ({"tiePolicy": "coin"}, "tiePolicy"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"prizes": []}, "prizes"),
        ({"prizes": [{"place": 0, "percent": "1"}]}, "prizes.0.place"),
        ({"prizes": [{"place": 1, "amount": "100.01"}]}, "prizes"),
        ({"prize_pool_cents": 1}, "prize_pool_cents"),
    ],
)
def test_a_race_that_cannot_be_names_the_field(shared: "Site", change: dict[str, object], field: str) -> None:
    answer = shared.admin("", wish(**change))

    assert answer.status_code == 422
    assert field in {error["field"].split("[")[0] for error in answer.json()["errors"]}, answer.text


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ('{"name": "a\\u0000b"}', "name"),
        ('{"name": "\\ud800"}', "name"),
        ('{"metadata": {"a": "\\u0000"}}', "metadata"),
        ('{"metadata": {"a\\u0000": 1}}', "metadata"),
        ('{"metadata": {"a": ["\\udfff"]}}', "metadata"),
        ('{"metadata": {"a": NaN}}', "metadata"),
        ('{"metadata": {"a": 1e999}}', "metadata"),
        (f'{{"metadata": {{"a": {"[" * 500}{"]" * 500}}}}}', "metadata"),
        ('{"startDate": "0001-01-01T00:00:00+14:00"}', "startDate"),
        ('{"endDate": "9999-12-31T23:59:59-14:00"}', "endDate"),
        ('{"minWager": "999999999999.99"}', "minWager"),
    ],
)
def test_what_no_database_could_keep_never_gets_there(shared: "Site", written: str, field: str) -> None:
    body = json.dumps(wish())[:-1] + "," + written[1:]
    headers = shared.admins | {"Content-Type": "application/json"}
    answer = shared.client.post("/api/admin/wager-races", content=body, headers=headers)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_the_largest_pool_is_held_to_the_cent(shared: "Site") -> None:
    assert shared.admin("", wish(prizePool="999999999999.99")).json()["prizePool"] == "999999999999.99"


def test_a_body_without_end_is_not_read(shared: "Site") -> None:
    answer = shared.admin("", wish(metadata={"a": "x" * 300_000}))

    assert answer.status_code == 413
    assert answer.headers["x-request-id"] == answer.json()["requestId"]
    assert answer.json()["code"] == "too_large"


def test_administration_is_shut_to_who_has_no_key(shared: "Site") -> None:
    nobody = shared.client.post("/api/admin/wager-races", json=wish())
    stranger = shared.admin("", wish(), token="x" * 40)
    other = shared.client.post(
        "/api/admin/wager-races", json=wish(), headers={"Authorization": f"Basic {'t' * 40}"}
    )
    odd = shared.client.post(
        "/api/admin/wager-races", json=wish(), headers={b"Authorization": "Bearer ü".encode("latin-1")}
    )

    assert [nobody.status_code, stranger.status_code, other.status_code, odd.status_code] == [401] * 4
    assert nobody.json()["code"] == "not_signed_in"


@pytest.mark.parametrize(
    ("race", "reason", "status"),
    [
        ("999999", "x", 404),
        ("0", "x", 422),
        ("1", "", 422),
        ("1", "   ", 422),
        ("one", "x", 422),
        ("9" * 30, "x", 422),
    ],
)
def test_what_cannot_be_cancelled_is_said(shared: "Site", race: str, reason: str, status: int) -> None:
    assert shared.admin(f"/{race}/cancel", {"reason": reason}).status_code == status
