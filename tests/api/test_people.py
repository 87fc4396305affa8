"""People: profiles, search, tiers and histories, with and without an account on this site."""

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from goatedvips.kit.clock import utc_now
from goatedvips.players.schemas import PlayerHistory, UserProfile

if TYPE_CHECKING:
    from tests.api.conftest import Site

ADA, BOB, GUS = "uidAda00000000000001", "uidBob00000000000002", "uidGus00000000000007"


def found(site: "Site", name: str) -> list[str]:
    results = site.json(f"/api/users/search?q={quote(name)}")["results"]
    return [person["goatedUsername"] or person["username"] for person in results]


def test_a_linked_user_and_his_player_are_one_person(shared: "Site") -> None:
    by_uid = UserProfile.model_validate_json(shared.get(f"/api/users/{ADA}").content)
    ((player_id,),) = shared.execute("SELECT id FROM players WHERE goated_id = %s", ADA)

    assert by_uid.username == "ada_the_first"
    assert by_uid.bio == "Hello"
    assert by_uid.profile_color == "#123456"
    assert by_uid.goated_username == "Ada"
    assert by_uid.goated_account_linked
    assert by_uid.id != player_id
    assert shared.json(f"/api/users/{by_uid.id}") == shared.json(f"/api/users/{player_id}")
    assert shared.json(f"/api/users/{by_uid.id}") == shared.json(f"/api/users/{ADA}")


def test_a_player_without_an_account_is_shown_under_the_feeds_name(shared: "Site") -> None:
    profile = shared.json(f"/api/users/{BOB}")

    assert profile["username"] == profile["goatedUsername"] == "bob_the_builder"
    assert profile["profileColor"] == "#D7FF00"
    assert not profile["goatedAccountLinked"]
    assert profile["totalWager"] == "487.95172544"
    assert profile["wager"]["daily"] == 30
    assert profile["ranks"]["today"] == 1
    assert profile["tier"]["name"] == "bronze"
    assert profile["tier"]["next"]["missing"] == 9512.04827456
    assert profile["metadata"]["version"] == shared.version()


def test_a_user_without_a_player_has_no_standing(shared: "Site") -> None:
    ((user_id,),) = shared.execute("SELECT id FROM users WHERE username = 'nobody_yet'")

    profile = shared.json(f"/api/users/{user_id}")

    assert profile["username"] == "nobody_yet"
    assert [profile[name] for name in ("goatedId", "totalWager", "wager", "tier", "ranks")] == [None] * 5
    assert shared.json(f"/api/users/{user_id}/history")["points"] == []
    assert shared.get(f"/api/leaderboard/around/{user_id}").status_code == 404


def test_a_rank_of_nothing_is_none(shared: "Site") -> None:
    ranks = shared.json("/api/users/uidCid00000000000003")["ranks"]

    assert ranks == {"today": None, "this_week": None, "this_month": None, "all_time": 2}


def test_boards_and_races_name_the_user_of_a_linked_player(shared: "Site") -> None:
    user_id = shared.json(f"/api/users/{ADA}")["id"]
    rows = {row["uid"]: row for row in shared.json("/api/leaderboard")["data"]}
    race = shared.json("/api/wager-races/current?type=special")
    standings = {row["goatedId"]: row["userId"] for row in race["participants"]}

    assert (rows[ADA]["userId"], rows[ADA]["profileColor"]) == (user_id, "#123456")
    assert (rows[BOB]["userId"], rows[BOB]["profileColor"]) == (None, None)
    assert standings[ADA] == user_id
    assert standings[BOB] is None
    around = shared.json(f"/api/leaderboard/around/{user_id}?radius=0")["data"]
    assert [row["uid"] for row in around] == [ADA]
    position = shared.json(f"/api/wager-races/{race['id']}/position/{user_id}")
    assert position["position"] == 2


def test_a_link_made_between_reports_shows_at_once_with_a_new_tag(site: "Site") -> None:
    before = site.get("/api/leaderboard")
    site.execute(
        "INSERT INTO users (username, username_skeleton, player_id)"
        " SELECT 'bob', 'bob', id FROM players WHERE goated_id = %s",
        BOB,
    )
    site.announce()

    def shown() -> bool:
        rows = site.json("/api/leaderboard")["data"]
        return any(row["uid"] == BOB and row["userId"] for row in rows)

    site.until(shown)
    assert site.get("/api/leaderboard", headers={"If-None-Match": before.headers["etag"]}).status_code == 200


def test_a_link_made_between_reports_shows_in_races(site: "Site") -> None:
    race = f"/api/wager-races/{site.race()['id']}"
    site.feed.wager(BOB, "3")
    site.pull()
    before = {path: site.get(path).headers["etag"] for path in (race, f"{race}/standings")}
    site.execute(
        "INSERT INTO users (username, username_skeleton, player_id)"
        " SELECT 'bob', 'bob', id FROM players WHERE goated_id = %s",
        BOB,
    )
    site.announce()
    site.until(lambda: site.json("/api/leaderboard?search=bob")["data"][0]["userId"] is not None)
    site.until(lambda: site.json(race)["participants"][0]["userId"] is not None)

    for path, etag in before.items():
        assert site.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_a_changed_colour_shows_with_a_new_tag(site: "Site") -> None:
    site.execute(
        "INSERT INTO users (username, username_skeleton, player_id)"
        " SELECT 'bob', 'bob', id FROM players WHERE goated_id = %s",
        BOB,
    )
    site.announce()
    site.until(lambda: "#D7FF00" in site.get("/api/leaderboard").text)
    etag = site.get("/api/leaderboard").headers["etag"]
    site.execute("UPDATE users SET profile_color = '#00FF00'")
    site.announce()
    site.until(lambda: "#00FF00" in site.get("/api/leaderboard").text)

    assert site.get("/api/leaderboard", headers={"If-None-Match": etag}).status_code == 200


def test_search_gives_exact_names_before_beginnings_before_the_rest(shared: "Site") -> None:
    assert found(shared, "ada") == ["Ada", "ada_lovelace"]
    assert found(shared, "ADA_LOVELACE") == ["ada_lovelace"]
    assert found(shared, "lace") == ["ada_lovelace"]
    assert found(shared, "_the_") == ["Ada", "bob_the_builder"], "by username and by the feed's name"
    assert found(shared, "nobody_yet") == ["nobody_yet"]
    assert shared.json("/api/users/search?username=ada") == shared.json("/api/users/search?q=ada")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("0%", ["100%sure"]),
        ("%%", []),
        ("__", []),
        ("a_", ["ada_lovelace", "Ada"]),
        ("k\\s", ["back\\slash"]),
        ("\\\\", []),
        ("ÄGYPT", ["Ägypten-Ünal"]),
        ("=h", ["=HYPERLINK(1)"]),
        ("'; drop table users --", []),
    ],
)
def test_what_is_typed_is_text_and_no_pattern(shared: "Site", typed: str, names: list[str]) -> None:
    on_board = shared.json(f"/api/leaderboard?search={quote(typed)}")["data"]

    assert sorted(found(shared, typed)) == sorted(names)
    assert {row["name"] for row in on_board} <= set(names)


def test_search_results_come_in_pages(shared: "Site") -> None:
    pages = [shared.json(f"/api/users/search?q=ada&limit=1&page={page}") for page in (1, 2, 3)]

    assert [[person["goatedUsername"] for person in page["results"]] for page in pages] == [
        ["Ada"],
        ["ada_lovelace"],
        [],
    ]
    assert {page["pagination"]["total"] for page in pages} == {2}


def test_a_board_can_be_searched_and_keeps_its_ranks(shared: "Site") -> None:
    rows = shared.json("/api/leaderboard?period=today&search=ada")["data"]

    assert [(row["name"], row["rank"]) for row in rows] == [("Ada", 2), ("ada_lovelace", 5)]


def test_tiers_count_every_player_once(shared: "Site") -> None:
    tiers = shared.json("/api/tiers")["tiers"]

    assert {tier["name"]: tier["players"] for tier in tiers} == {
        "bronze": 4,
        "silver": 1,
        "gold": 1,
        "platinum": 0,
        "diamond": 0,
        "master": 0,
        "legend": 1,
    }


def test_a_history_is_thinned_and_begins_with_the_state_at_its_start(site: "Site") -> None:
    ((player_id,),) = site.execute("SELECT id FROM players WHERE goated_id = %s", GUS)
    site.execute("CREATE TABLE readings_of_other_months PARTITION OF wager_readings DEFAULT")
    now = utc_now()
    site.execute(
        "INSERT INTO wager_readings (player_id, as_of, run_id, today, this_week, this_month, all_time)"
        " SELECT %s, moment, 1, 0, 0, 0, floor(extract(epoch FROM moment))"
        " FROM generate_series(%s::timestamptz, %s::timestamptz, interval '1 minute') AS moment",
        player_id,
        now - timedelta(hours=30),
        now - timedelta(minutes=1),
    )

    day = PlayerHistory.model_validate_json(site.get(f"/api/users/{GUS}/history?window=24h").content)
    week = PlayerHistory.model_validate_json(site.get(f"/api/users/{GUS}/history?window=7d").content)

    assert 400 <= len(day.points) <= 500
    assert day.points[0].at == day.since
    assert 0 <= day.since.timestamp() - int(day.points[0].all_time.scaleb(8)) < 61
    assert [point.at for point in day.points] == sorted({point.at for point in day.points})
    assert len(week.points) <= 500
    assert week.points[0].at > week.since, "nothing is known of the time before"
    assert week.points[-1].at == max(point.at for point in week.points)
