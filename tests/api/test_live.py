"""What watchers of the running application hear, from the feed to the socket."""

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import InvalidStatus

from goatedvips.leaderboards.schemas import LeaderboardData
from goatedvips.races.schemas import WagerRaceResponse

if TYPE_CHECKING:
    from tests.api.conftest import Site

ADA, BOB, GUS = "uidAda00000000000001", "uidBob00000000000002", "uidGus00000000000007"


def by(rows: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in rows}


def test_a_plain_client_gets_every_race_that_goes_on_and_each_change(site: "Site") -> None:
    race = site.race()
    topic = f"race:{race['id']}"
    with site.socket() as client:
        first = client.hear_of(topic)
        site.feed.wager(ADA, "7.25")
        site.pull()
        then = client.hear_of(topic, after=first["version"])
        while not then["data"]["participants"]:
            then = client.hear_of(topic, after=then["version"])

    assert first["type"] == then["type"] == "RACE_UPDATE"
    assert WagerRaceResponse.model_validate(first["data"])
    assert then["data"]["participants"][0]["wagered"] == 7.25
    shown = site.json(f"/api/wager-races/{race['id']}")
    assert without_clock(then["data"]) == without_clock(shown)


def test_everybody_hears_that_a_race_is_completed(site: "Site") -> None:
    race = site.race()
    topic = f"race:{race['id']}"
    with site.socket() as client:
        client.hear_of(topic)
        site.feed.wager(ADA, "7.25")
        site.pull()
        site.execute("UPDATE wager_races SET end_date = now() WHERE id = %s", race["id"])
        outcome = site.pull_unseen()
        site.settle()
        heard = client.hear_of(topic)
        while heard["type"] != "RACE_COMPLETED":
            heard = client.hear_of(topic, after=heard["version"])

    result = WagerRaceResponse.model_validate(heard["data"])
    assert (result.status, result.metadata.phase) == ("completed", "completed")
    assert [(row.position, row.prize) for row in result.participants] == [(1, Decimal("42.5"))]
    assert result.metadata.boundaries.end is not None
    assert result.metadata.boundaries.end.run_id == outcome.run_id
    shown = site.json(f"/api/wager-races/{race['id']}")
    assert without_clock(heard["data"]) == without_clock(shown)


def without_clock(race: dict[str, Any]) -> dict[str, Any]:
    return race | {"metadata": race["metadata"] | {"secondsLeft": None}}


def test_a_boards_delta_leads_from_the_page_that_was_held_to_the_page_that_is(site: "Site") -> None:
    topic = "leaderboard:this_week"
    with site.socket() as client:
        client.say(type="subscribe", topic=topic, mode="delta")
        held = client.hear_of(topic)
        site.feed.wager(GUS, "1000")
        site.feed.wager(BOB, "0.01")
        site.pull()
        delta = client.hear_of(topic, after=held["version"])

    shown = site.json("/api/leaderboard?period=this_week&limit=100")
    assert held["type"] == "LEADERBOARD_UPDATE"
    assert LeaderboardData.model_validate(held["data"])
    assert delta["type"] == "LEADERBOARD_DELTA"
    assert delta["base"] == held["version"]
    rows = by(held["data"]["data"], "uid") | by(delta["data"]["changed"], "uid")
    for gone in delta["data"]["removed"]:
        del rows[gone]
    assert {GUS, BOB} <= by(delta["data"]["changed"], "uid").keys()
    assert {uid: row["wagered"] for uid, row in rows.items()} == {
        row["uid"]: row["wagered"] for row in shown["data"]
    }
    assert delta["data"]["metadata"] == shown["metadata"]


def test_a_races_delta_leads_from_the_standings_that_were_held_to_those_that_are(site: "Site") -> None:
    race = site.race()
    topic = f"race:{race['id']}"
    site.feed.wager(ADA, "5")
    site.feed.wager(BOB, "3")
    site.pull()
    with site.socket() as client:
        client.say(type="subscribe", topic=topic, mode="delta")
        held = client.hear_of(topic)
        while len(held["data"]["participants"]) < 2:
            held = client.hear_of(topic, after=held["version"])
        site.feed.wager(BOB, "9")
        site.pull()
        delta = client.hear_of(topic, after=held["version"])

    shown = site.json(f"/api/wager-races/{race['id']}")
    assert delta["type"] == "RACE_DELTA"
    assert delta["base"] == held["version"]
    rows = by(held["data"]["participants"], "goatedId") | by(delta["data"]["changed"], "goatedId")
    assert {uid: row["wagered"] for uid, row in rows.items()} == {
        row["goatedId"]: row["wagered"] for row in shown["participants"]
    }
    assert shown["participants"][0]["goatedId"] == BOB


def test_a_client_that_holds_the_present_version_is_sent_nothing_again(site: "Site") -> None:
    with site.socket() as client:
        client.say(type="subscribe", topic="leaderboard:today")
        held = client.hear_of("leaderboard:today")
    with site.socket() as client:
        client.say(type="subscribe", topic="leaderboard:today", version=held["version"], mode="delta")
        site.feed.wager(ADA, "1")
        site.pull()
        delta = client.hear_of("leaderboard:today", after=held["version"])

    assert delta["type"] == "LEADERBOARD_DELTA"


def test_a_finished_race_is_told_to_its_watchers(site: "Site") -> None:
    race = site.race()
    topic = f"race:{race['id']}"
    with site.socket() as client:
        client.say(type="subscribe", topic=topic)
        client.hear_of(topic)
        site.admin(f"/{race['id']}/cancel", {"reason": "Rain"})
        message = client.hear_of(topic)
        while message["data"]["status"] != "cancelled":
            message = client.hear_of(topic)

    assert "This race was cancelled: Rain" in [mark["text"] for mark in message["data"]["metadata"]["marks"]]


@pytest.mark.parametrize(("topic", "kind"), [("me", "DENIED"), ("race:999999", "ERROR")])
def test_a_topic_that_is_not_yours_or_not_there_is_refused(shared: "Site", topic: str, kind: str) -> None:
    with shared.socket() as client:
        client.say(type="subscribe", topic=topic)
        answer = client.hear()
        while answer["type"] == "RACE_UPDATE":
            answer = client.hear()

    assert answer["type"] == kind
    assert answer["topic"] == topic


def test_a_page_of_another_site_gets_no_socket(shared: "Site") -> None:
    with pytest.raises(InvalidStatus) as refused, shared.socket(origin="https://evil.example"):
        pass

    assert refused.value.response.status_code == 403
    with shared.socket(origin=shared.url) as client:
        client.say(type="ping")
        assert client.hear()["type"] in {"pong", "RACE_UPDATE"}


def test_events_tell_the_same_as_the_socket(site: "Site") -> None:
    with site.client.stream("GET", "/api/events?topics=leaderboard:today") as answer:
        told = (json.loads(line[5:]) for line in answer.iter_lines() if line.startswith("data:"))
        first = next(message for message in told if "data" in message)
        site.feed.wager(ADA, "2")
        site.pull()
        then = next(told)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert first["type"] == "LEADERBOARD_UPDATE"
    assert then["version"] > first["version"]


def test_a_stream_of_a_topic_that_cannot_be_is_refused(shared: "Site") -> None:
    answer = shared.get("/api/events?topics=nonsense")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "topics"
    assert shared.client.head("/api/events").status_code == 200


def test_a_pull_is_heard_again_after_the_listening_connection_broke(site: "Site") -> None:
    site.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'goatedvips listener' AND datname = current_database()"
    )
    site.feed.wager(ADA, "4")

    site.pull()

    assert site.json("/api/leaderboard?period=today")["data"][0]["uid"] == ADA
