"""The control panel: what it shows, what it changes, what it refuses."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest
from starlette.testclient import TestClient

from goatedvips.kit.errors import BadInput
from goatedvips.simulator.feed import create_feed
from goatedvips.simulator.simulation import Wish
from goatedvips.simulator.traps import Switch, spell_traps


class Hands(Protocol):
    def __call__(self) -> datetime: ...
    def move(self, **span: float) -> None: ...


def test_it_shows_the_whole_state(feed: TestClient) -> None:
    assert feed.get("/control").json() == {
        "seed": 5,
        "players": 1_000,
        "origin": "2025-03-26T09:45:00.000Z",
        "storyTime": "2025-03-26T09:45:00.000Z",
        "storySeconds": 0.0,
        "speed": 1.0,
        "paused": False,
        "traps": {},
    }


def test_it_changes_speed_and_moves_the_story_on(feed: TestClient, hands: Hands) -> None:
    hands.move(seconds=10)
    feed.patch("/control", json={"speed": 60, "advanceSeconds": 3_600})
    hands.move(seconds=5)

    assert feed.get("/control").json()["storySeconds"] == 10 + 3_600 + 300


def test_a_paused_story_stands_still_and_goes_on_where_it_stood(feed: TestClient, hands: Hands) -> None:
    feed.patch("/control", json={"paused": True})
    hands.move(hours=5)
    paused = feed.get("/control").json()["storySeconds"]
    feed.patch("/control", json={"paused": False})
    hands.move(seconds=7)

    assert (paused, feed.get("/control").json()["storySeconds"]) == (0.0, 7.0)


def test_a_story_does_not_follow_a_clock_that_is_set_back(feed: TestClient, hands: Hands) -> None:
    hands.move(hours=2)
    before = feed.get("/control").json()["storySeconds"]
    hands.move(hours=-1)

    assert before == feed.get("/control").json()["storySeconds"] == 7_200


def test_traps_are_shown_with_their_values(feed: TestClient) -> None:
    shown = feed.patch("/control", json={"traps": {"slow": 8, "html": {"times": 3}, "vanish": True}}).json()[
        "traps"
    ]

    assert shown == {
        "slow": {"value": 8, "times": None},
        "html": {"value": True, "times": 3},
        "vanish": {"value": 10, "times": None},
    }


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"traps": {"slwo": True}}, "traps.slwo", "is not a trap"),
        ({"traps": {"slow": "long"}}, "traps.slow", "must be a number"),
        ({"traps": {"slow": -1}}, "traps.slow", "must be seconds from 0 to 3600"),
        ({"traps": {"vanish": 1.5}}, "traps.vanish", "whole number"),
        ({"traps": {"html": 5}}, "traps.html", "takes no value"),
        ({"traps": {"html": None}}, "traps.html", "takes no value"),
        ({"traps": {"html": {"times": 0}}}, "traps.html", "whole number of times"),
        ({"traps": {"html": {"often": 2}}}, "traps.html", "has no often"),
        ({"traps": {"shape": "round"}}, "traps.shape", "must be one of array"),
        ({"traps": 5}, "traps", "object"),
        ({"speed": -1}, "speed", "greater than or equal to 0"),
        ({"speed": "60"}, "speed", "number"),
        ({"advanceSeconds": 1e99}, "advanceSeconds", "less than or equal"),
        ({"paused": "yes"}, "paused", "boolean"),
        ({"velocity": 60}, "velocity", "not permitted"),
        ([], "body", "object"),
    ],
)
def test_a_bad_change_is_refused_by_field_and_nothing_changes(
    feed: TestClient, change: object, field: str, says: str
) -> None:
    before = feed.get("/control").json()
    answer = feed.patch("/control", json=change)
    problem = answer.json()

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [field] == [error["field"] for error in problem["errors"]]
    assert says in problem["errors"][0]["message"]
    assert before == feed.get("/control").json()


def test_one_bad_trap_keeps_the_good_one_off(feed: TestClient) -> None:
    feed.patch("/control", json={"traps": {"html": True, "nonsense": True}, "speed": 9})

    assert feed.get("/control").json()["traps"] == {}
    assert feed.get("/control").json()["speed"] == 1.0


def test_what_is_not_json_is_malformed(feed: TestClient) -> None:
    assert feed.patch("/control", content=b"{").status_code == 400
    assert feed.patch("/control", content=b"\xff\xfe").status_code == 400


def test_a_token_guards_feed_and_control(hands: Hands) -> None:
    feed = TestClient(create_feed(Wish(players=10), clock=hands, token="s3cret"))
    path = "/user/affiliate/referral-leaderboard/CODE"

    assert [feed.get(path).status_code, feed.get("/control").status_code] == [401, 401]
    assert feed.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert feed.get(path, headers={"Authorization": "Bearer s3cret"}).status_code == 200


def test_traps_are_spelled_for_the_command_line() -> None:
    assert spell_traps(["slow=8", "html", "shape=users*2", "unavailable*3"]) == {
        "slow": Switch(8),
        "html": Switch(),
        "shape": Switch("users", times=2),
        "unavailable": Switch(times=3),
    }


@pytest.mark.parametrize("word", ["", "=8", "slow=", "slow=nan", "slow=8*x", "nonsense", "html*0"])
def test_a_misspelled_trap_is_refused(word: str) -> None:
    with pytest.raises(BadInput):
        spell_traps([word])


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(players=0), "players"),
        (Wish(players=1_000_001), "players"),
        (Wish(seed=-1), "seed"),
        (Wish(speed=-1), "speed"),
    ],
)
def test_a_story_that_cannot_be_told_is_refused(wish: Wish, field: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=field):
        create_feed(wish, state_file=tmp_path / "state.json")

    assert not list(tmp_path.iterdir())
