"""What others see of somebody who shows himself, masks his name, hides, or is kept off."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.browser import Browser, browsing
from tests.people import Person, add_person

if TYPE_CHECKING:
    from tests.api.conftest import Site

ADA, BOB, GUS = "uidAda00000000000001", "uidBob00000000000002", "uidGus00000000000007"


@pytest.fixture
def ada(site: "Site") -> Person:
    return add_person(site.dsn, "lady_lovelace", uid=ADA)


@pytest.fixture
def race(site: "Site") -> int:
    number: int = site.race()["id"]
    return number


@pytest.fixture
def browser(site: "Site", ada: Person, race: int) -> Iterator[Browser]:
    """Ada's own browser, in a race that goes on."""
    site.feed.wager(ADA, "10")
    site.feed.wager(BOB, "5")
    site.pull()
    with browsing(site) as browser:
        browser.sign_in(ada.username)
        yield browser


def choose(site: "Site", browser: Browser, privacy: str) -> None:
    before = {
        "board": site.json("/api/leaderboard")["metadata"]["version"],
        "race": site.json("/api/wager-races/current")["metadata"]["version"],
    }
    assert browser.ask("PUT", "/api/users/me/privacy", {"privacy": privacy}).status_code == 200
    race = "/api/wager-races/current"
    site.until(
        lambda: bool(
            site.json("/api/leaderboard")["metadata"]["version"] > before["board"]
            and site.json(race)["metadata"]["version"] > before["race"]
        )
    )


def everything(site: "Site", race: int) -> str:
    """All that anybody can read of boards, races and people."""
    paths = [
        *(f"/api/leaderboard?period={period}" for period in ("all_time", "today", "this_week", "this_month")),
        "/api/leaderboard?search=ada",
        "/api/users/search?q=ada",
        "/api/users/search?q=lovelace",
        f"/api/wager-races/{race}",
        f"/api/wager-races/{race}/standings",
        f"/api/wager-races/{race}/standings.csv",
        f"/api/wager-races/{race}/standings?search=Ada",
        f"/api/leaderboard/around/{BOB}",
        f"/api/wager-races/{race}/position/{BOB}?explain=true",
    ]
    return "\n".join(site.get(path).text for path in paths)


def test_who_shows_himself_is_found_everywhere(
    site: "Site", browser: Browser, race: int, ada: Person
) -> None:
    seen = everything(site, race)

    assert ADA in seen
    assert '"Ada"' in seen
    assert site.json(f"/api/users/{ada.id}")["username"] == ada.username


def test_a_masked_name_shows_its_beginning_and_is_found_by_no_search(
    site: "Site", browser: Browser, race: int, ada: Person
) -> None:
    choose(site, browser, "masked")

    row = next(row for row in site.json("/api/leaderboard")["data"] if row["uid"] == ADA)
    profile = site.json(f"/api/users/{ada.id}")
    assert row["name"] == "A•••"
    assert (profile["username"], profile["goatedUsername"]) == ("la•••", "A•••")
    assert "Ada" not in everything(site, race).replace(ADA, "")
    assert ada.username not in everything(site, race)
    assert browser.get(f"/api/users/{ada.id}").json()["username"] == "la•••"
    assert browser.get("/api/users/me").json()["username"] == "la•••"


def test_who_hides_leaves_his_amounts_and_nothing_else(
    site: "Site", browser: Browser, race: int, ada: Person
) -> None:
    before = site.json("/api/leaderboard")
    choose(site, browser, "hidden")

    after = site.json("/api/leaderboard")
    seen = everything(site, race)
    assert [row["wagered"] for row in after["data"]] == [row["wagered"] for row in before["data"]]
    hidden = [row for row in after["data"] if row["name"] == "Hidden player"]
    assert [(row["id"], row["userId"]) for row in hidden] == [(None, None)]
    assert hidden[0]["uid"].startswith("hidden-")
    assert ADA not in seen
    assert "Ada" not in seen
    for person in (ADA, ada.id, site.execute("SELECT player_id FROM users WHERE id = %s", ada.id)[0][0]):
        for path in (
            f"/api/users/{person}",
            f"/api/users/{person}/history",
            f"/api/leaderboard/around/{person}",
            f"/api/wager-races/{race}/position/{person}",
        ):
            assert site.get(path).status_code == 404
            own = browser.get(path)
            assert own.status_code == 200, own.text
            assert "no-store" in own.headers["cache-control"]
    assert site.client.get(f"/api/users/{ada.id}", headers=site.admins).status_code == 200


def test_the_alias_is_the_same_wherever_it_stands(site: "Site", browser: Browser, race: int) -> None:
    choose(site, browser, "hidden")

    on_board = {row["uid"] for row in site.json("/api/leaderboard")["data"] if row["name"] == "Hidden player"}
    in_race = {
        row["goatedId"]
        for row in site.json(f"/api/wager-races/{race}")["participants"]
        if row["username"] == "Hidden player"
    }

    assert on_board
    assert on_board == in_race


def test_watchers_of_a_board_see_it_at_once(site: "Site", browser: Browser, race: int) -> None:
    with site.socket() as socket:
        socket.say(type="subscribe", topic="leaderboard:all_time", mode="delta")
        version = socket.hear_of("leaderboard:all_time")["version"]

        browser.ask("PUT", "/api/users/me/privacy", {"privacy": "hidden"})

        news = socket.hear_of("leaderboard:all_time", after=version)
        rows = news["data"].get("changed") or news["data"]["data"]
        assert "Hidden player" in {row.get("name") for row in rows}


def test_who_excludes_himself_is_gone_at_once_from_boards_and_prizes(
    site: "Site", browser: Browser, race: int, ada: Person
) -> None:
    total = site.json("/api/leaderboard")["metadata"]["totalUsers"]
    with site.socket() as socket:
        first = socket.hear_of(f"race:{race}")
        answer = browser.ask("POST", "/api/users/me/self-exclusion", {})
        told = socket.hear_of(f"race:{race}", after=first["version"])

    assert answer.json()["selfExcluded"] is True
    assert [row["goatedId"] for row in told["data"]["participants"]] == [BOB]
    assert told["data"]["participants"][0]["position"] == 1
    site.until(lambda: bool(site.json("/api/leaderboard")["metadata"]["totalUsers"] == total - 1))
    assert ADA not in everything(site, race)
    assert "Hidden player" not in site.get("/api/leaderboard").text
    assert site.get(f"/api/leaderboard/around/{ADA}").status_code == 404
    position = browser.get(f"/api/wager-races/{race}/position/{ADA}").json()
    assert (position["position"], position["prize"]) == (None, 0)


def test_staff_take_no_prizes(site: "Site", browser: Browser, race: int, ada: Person) -> None:
    site.execute(
        "UPDATE user_credentials SET totp_secret = 'x', totp_confirmed_at = now() WHERE user_id = %s", ada.id
    )

    answer = site.client.post(
        f"/api/admin/users/{ada.id}/role", json={"role": "support"}, headers=site.admins
    )

    assert answer.status_code == 200, answer.text
    site.until(lambda: [row["goatedId"] for row in participants(site, race)] == [BOB])
    # On the boards, which pay nothing, they stay.
    assert ADA in site.get("/api/leaderboard").text
    # Whoever was staff while a race went on stays out of that one.
    site.client.post(f"/api/admin/users/{ada.id}/role", json={"role": "user"}, headers=site.admins)
    assert [row["goatedId"] for row in participants(site, race)] == [BOB]


@pytest.mark.parametrize(("by_mistake", "back"), [(True, [ADA, BOB]), (False, [BOB])])
def test_whoever_was_banned_by_mistake_takes_part_again(
    site: "Site", browser: Browser, ada: Person, race: int, *, by_mistake: bool, back: list[str]
) -> None:
    def say(verb: str, **body: object) -> None:
        path = f"/api/admin/users/{ada.id}/{verb}"
        assert site.client.post(path, json={"reason": "x"} | body, headers=site.admins).status_code == 200

    say("ban")
    site.until(lambda: [row["goatedId"] for row in participants(site, race)] == [BOB])
    version = site.json(f"/api/wager-races/{race}")["metadata"]["version"]
    say("unban", byMistake=by_mistake)

    site.until(lambda: bool(site.json(f"/api/wager-races/{race}")["metadata"]["version"] > version))
    assert [row["goatedId"] for row in participants(site, race)] == back


def participants(site: "Site", race: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.json(f"/api/wager-races/{race}")["participants"]
    return found
