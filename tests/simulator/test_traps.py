"""Each trap does what the real feed did, and only that."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from goatedvips.simulator.disguise import MOST_DRIFT
from goatedvips.simulator.traps import SHAPES, TRAPS

WINDOWS = ("today", "this_week", "this_month", "all_time")

Switch = Callable[..., TestClient]
Figures = dict[str, dict[str, float]]


def report(feed: TestClient) -> dict[str, Any]:
    answer = feed.get("/user/affiliate/referral-leaderboard/CODE")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def rows(feed: TestClient) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = report(feed)["data"]
    return listed


def figures(feed: TestClient) -> Figures:
    return {row["uid"]: row["wagered"] for row in rows(feed)}


def later(feed: TestClient, seconds: int = 300) -> Figures:
    assert feed.patch("/control", json={"advanceSeconds": seconds}).status_code == 200
    return figures(feed)


def changes(before: Figures, now: Figures, window: str) -> list[float]:
    return [
        now[uid][window] - before[uid][window] for uid in before if now[uid][window] != before[uid][window]
    ]


def checksum_holds(feed: TestClient) -> bool:
    body = report(feed)
    return all(
        abs(sum(row["wagered"][window] for row in body["data"]) - body[window]) < 1e-6
        for window in WINDOWS[:2]
    )


def test_without_traps_nothing_is_wrong(feed: TestClient) -> None:
    before, now = figures(feed), later(feed, 3_600)

    assert checksum_holds(feed)
    assert len(before) == 1_000
    for window in WINDOWS:
        assert min(changes(before, now, window)) > 0
    for wagered in now.values():
        assert wagered["today"] <= wagered["this_week"] <= wagered["this_month"] <= wagered["all_time"]


@pytest.mark.parametrize(
    "trap",
    sorted(
        set(TRAPS)
        - {"wrong_sums", "bad_rows", "shape", "empty_body", "html", "truncated", "slow", "drip", "timeout"}
        - {"not_found", "rate_limited", "unavailable"}
    ),
)
def test_the_checksum_holds_under_every_other_trap(trapped: Switch, trap: str) -> None:
    feed = trapped(**{trap: True})

    assert checksum_holds(feed)
    assert later(feed, 40_000)
    assert checksum_holds(feed)


def test_a_frozen_month_does_not_move_a_digit_while_the_week_goes_on(trapped: Switch) -> None:
    feed = trapped(frozen_month=True)
    before, now = figures(feed), later(feed, 27 * 3_600)

    assert changes(before, now, "this_month") == []
    assert len(changes(before, now, "this_week")) > 5
    assert len(changes(before, now, "all_time")) > 5


def test_a_thawed_month_shows_what_was_played_meanwhile(trapped: Switch) -> None:
    before = figures(trapped(frozen_month=True))
    later(trapped(), 3_600)

    now = figures(trapped(frozen_month=False))

    assert changes(before, now, "this_month") == pytest.approx(changes(before, now, "all_time"))


def test_contradicting_windows(trapped: Switch) -> None:
    wagered = figures(trapped(contradictions=True)).values()
    this_week = sum(one["this_week"] > 0 for one in wagered)

    assert sum(one["this_week"] > one["this_month"] for one in wagered) == this_week // 4
    assert 1 <= sum(one["today"] > one["this_week"] for one in wagered) <= 3


def test_today_falls_for_a_few_by_little_in_five_minutes_and_by_more_in_hours(trapped: Switch) -> None:
    feed = trapped(today_falls=True)
    before, falls = figures(feed), []
    for _report in range(24):
        now = later(feed)
        falls.append([change for change in changes(before, now, "today") if change < 0])
        assert min(changes(before, now, "all_time")) > 0
        assert min(changes(before, now, "this_week")) > 0
        before = now

    assert sum(1 <= len(fallen) <= 12 for fallen in falls) > 18
    assert max(map(len, falls)) <= 12


def test_the_week_drifts_from_all_time_by_at_most_20_cents_and_neither_falls(trapped: Switch) -> None:
    feed = trapped(drift=True)
    before, apart = figures(feed), []
    for _report in range(24):
        now = later(feed, 1_800)
        if min(changes(before, now, "this_week")) < 0:
            break
        assert min(changes(before, now, "all_time")) > 0
        apart += [
            abs((now[uid]["this_week"] - held["this_week"]) - (now[uid]["all_time"] - held["all_time"]))
            for uid, held in before.items()
        ]
        before = now

    assert len(apart) > 20_000
    assert 0.01 < max(apart) <= MOST_DRIFT + 1e-9


def test_late_windows_outlive_the_true_reset(feed: TestClient, trapped: Switch) -> None:
    # The story stands at 09:45; the true reset is at 00:07, the late one one to eight hours after.
    before, punctual = figures(feed), later(feed, 14 * 3_600 + 1_500)
    late = figures(trapped(late_reset=True))

    assert min(changes(before, punctual, "today")) < 0
    assert min(changes(before, late, "today")) > 0
    assert min(changes(late, later(feed, 8 * 3_600), "today")) < 0


def test_all_time_falls_for_a_share_and_rises_again_when_switched_off(
    feed: TestClient, trapped: Switch
) -> None:
    before = figures(feed)
    fallen = changes(before, figures(trapped(falling_all_time=0.5)), "all_time")

    assert len(fallen) == sum(one["all_time"] > 0 for one in before.values()) // 2
    assert max(fallen) < 0
    assert before == figures(trapped(falling_all_time=False))


def test_players_appear_with_a_past(feed: TestClient, trapped: Switch) -> None:
    before = figures(feed)
    now = figures(trapped(appear=7))
    new = [now[uid] for uid in now.keys() - before.keys()]

    assert len(new) == 7
    assert any(one["all_time"] > 0 for one in new)


def test_players_are_renamed(feed: TestClient, trapped: Switch) -> None:
    before = {row["uid"]: row["name"] for row in rows(feed)}
    now = {row["uid"]: row["name"] for row in rows(trapped(rename=4))}

    assert sum(before[uid] != now[uid] for uid in before) == 4
    assert before == {row["uid"]: row["name"] for row in rows(trapped(rename=False))}


def test_players_vanish_and_return(feed: TestClient, trapped: Switch) -> None:
    before = figures(feed)
    now = figures(trapped(vanish=9))
    gone = before.keys() - now.keys()

    assert len(gone) == 9
    assert sum(before[uid]["all_time"] > 0 for uid in gone) == 5
    assert before == figures(trapped(vanish=False))


@pytest.mark.parametrize(
    ("trap", "status"), [("not_found", 404), ("rate_limited", 429), ("unavailable", 503)]
)
def test_refusals(trapped: Switch, trap: str, status: int) -> None:
    answer = trapped(**{trap: True}).get("/user/affiliate/referral-leaderboard/CODE")

    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 429)


def test_a_rate_limit_says_when_to_come_back(trapped: Switch) -> None:
    answer = trapped(rate_limited=7).get("/user/affiliate/referral-leaderboard/CODE")

    assert answer.headers["Retry-After"] == "7"


@pytest.mark.parametrize("trap", ["empty_body", "html", "truncated"])
def test_a_200_that_is_not_a_report(trapped: Switch, trap: str) -> None:
    answer = trapped(**{trap: True}).get("/user/affiliate/referral-leaderboard/CODE")

    assert answer.status_code == 200
    assert len(answer.content) == int(answer.headers["Content-Length"])
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.content)


def test_a_uid_is_listed_twice_with_different_amounts(trapped: Switch) -> None:
    listed = rows(trapped(duplicate_uid=3))
    by_uid: dict[str, list[dict[str, float]]] = {}
    for row in listed:
        by_uid.setdefault(row["uid"], []).append(row["wagered"])
    twice = [wagered for wagered in by_uid.values() if len(wagered) > 1]

    assert len(twice) == 3
    assert all(len(wagered) == 2 and wagered[0] != wagered[1] for wagered in twice)


def test_the_list_shrinks_to_a_share(trapped: Switch) -> None:
    assert len(rows(trapped(shrunk=0.25))) == 250


def test_everybody_shows_zero(trapped: Switch) -> None:
    feed = trapped(all_zeros=True)

    assert not any(any(wagered.values()) for wagered in figures(feed).values())
    assert (report(feed)["today"], report(feed)["this_week"]) == (0, 0)


def test_a_share_shows_zero(feed: TestClient, trapped: Switch) -> None:
    before = sum(one["all_time"] > 0 for one in figures(feed).values())
    now = sum(one["all_time"] > 0 for one in figures(trapped(all_zeros=0.5)).values())

    assert before * 0.3 < now < before * 0.7


def test_bad_rows_are_bad_in_five_ways_and_strike_those_who_wagered(
    feed: TestClient, trapped: Switch
) -> None:
    before = figures(feed)
    bad = [
        row
        for row in rows(trapped(bad_rows=True))
        if row.get("wagered", {}).get("all_time") != before[row["uid"]]["all_time"]
    ]

    assert [None, "NaN", float("inf"), -1.5] == [
        row["wagered"]["all_time"] for row in bad if "wagered" in row
    ]
    assert len(bad) == 5
    assert all(before[row["uid"]]["all_time"] > 0 for row in bad)


def test_wrong_sums_are_wrong_by_what_was_asked(feed: TestClient, trapped: Switch) -> None:
    before, now = report(feed), report(trapped(wrong_sums=2.5))

    assert now["today"] - before["today"] == pytest.approx(2.5)
    assert now["this_week"] - before["this_week"] == pytest.approx(2.5)
    assert before["data"] == now["data"]


def test_other_wrappings(feed: TestClient, trapped: Switch) -> None:
    listed = rows(feed)

    wrapped = {
        shape: trapped(shape=shape).get("/user/affiliate/referral-leaderboard/CODE").json()
        for shape in SHAPES
    }

    assert listed == wrapped["array"]
    assert listed == wrapped["nested"]["data"]["data"]
    assert listed == wrapped["results"]["results"]
    assert listed == wrapped["users"]["users"]
    assert set(wrapped["unknown"]) == {"success", "leaderboard"}


def test_a_trap_springs_so_many_times_and_is_off(trapped: Switch) -> None:
    feed = trapped(unavailable={"times": 2})

    answers = [feed.get("/user/affiliate/referral-leaderboard/CODE").status_code for _call in range(4)]

    assert answers == [503, 503, 200, 200]
    assert feed.get("/control").json()["traps"] == {}


def test_traps_do_not_touch_the_story(feed: TestClient, trapped: Switch) -> None:
    before = figures(feed)
    every = {name: True for name in TRAPS if name not in {"slow", "drip", "timeout"}}
    for name in every:
        trapped(**{name: True}).get("/user/affiliate/referral-leaderboard/CODE")
        trapped(**{name: False})

    assert before == figures(feed)
