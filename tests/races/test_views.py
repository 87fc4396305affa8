"""A race at one version: who stands where, what he lacks, and what it says about itself. No database."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.leaderboards.boards import NO_FACES, Boards, Version, no_boards, rebuilt
from goatedvips.races import encoding
from goatedvips.races.views import Entrants, RaceView, ranked, running, settled

NOON = datetime(2025, 3, 26, 12, tzinfo=UTC)
DOLLAR = 100_000_000
RACE: dict[str, Any] = {
    "id": 7,
    "name": "Race",
    "type": "special",
    "start_date": NOON,
    "end_date": NOON + timedelta(hours=1),
    "status": "live",
    "prize_pool": 10_000,
    "prizes": [{"place": 1, "percent": "60"}, {"place": 2, "percent": "30"}, {"place": 3, "percent": "10"}],
    "tie_policy": "first_to_reach",
    "min_wager": 0,
    "timezone": "UTC",
    "metadata": {},
    "version": 3,
    "result_version": 0,
    "settled_at": None,
    "proof_sha256": None,
    "next_start_date": None,
} | {f"{end}_{what}": None for end in ("start", "end") for what in ("run_id", "as_of", "sha256", "stored_at")}
STARTED = {"start_run_id": 2, "start_as_of": NOON, "start_sha256": "ab"}
ENDED: dict[str, Any] = {
    "end_run_id": 5,
    "end_as_of": NOON + timedelta(hours=1),
    "end_sha256": "cd",
    "end_stored_at": NOON + timedelta(hours=1, seconds=3),
}


def boards(totals: list[int], *, names: list[str] | None = None, run: int = 9) -> Boards:
    """Return boards of players 1, 2, 3 … with these dollars, who reached them in runs 1, 2, 3 …"""
    called = names or [f"N{number}" for number in range(1, len(totals) + 1)]
    rows = [
        (number, f"uid{number}", name, 0, 0, 0, total * DOLLAR, 0, 0, 0, number)
        for number, (total, name) in enumerate(zip(totals, called, strict=True), start=1)
    ]
    version = Version(run, NOON + timedelta(minutes=30), NOON + timedelta(minutes=31), ())
    times = np.arange(1, run + 1, dtype=np.int64)
    return rebuilt(no_boards(), rows, version=version, faces=NO_FACES, run_ids=times, run_times=times * 1000)


def race(totals: list[int], baselines: list[int] | None = None, **fields: Any) -> RaceView:  # noqa: ANN401 - columns
    """Return a race of all of them, who started from nothing unless told otherwise."""
    start = baselines or [0] * len(totals)
    rows = [(number, base * DOLLAR, 0) for number, base in enumerate(start, start=1)]
    return running(RACE | STARTED | fields, entrants(*rows), boards(totals))


def entrants(*rows: tuple[int, int, int]) -> Entrants:
    """Return who takes part: player, baseline in units, 1 if excluded."""
    return Entrants.of(np.array(rows, np.int64).reshape(-1, 3))


def frozen(wagered: list[tuple[int, int]], **fields: Any) -> RaceView:  # noqa: ANN401 - columns
    """Return a race that ended with these dollars, each reached in a run."""
    everybody = entrants(*((number, 0, 0) for number in range(1, len(wagered) + 1)))
    totals, reached = np.array(wagered, np.int64).T
    held = boards([999] * len(wagered))
    return ranked(RACE | STARTED | ENDED | fields, everybody, totals * DOLLAR, reached=reached, boards=held)


def position(shown: RaceView, player: int | None) -> dict[str, Any]:
    body = encoding.position(shown, player)
    raw = {key: value for key, value in body.items() if key in {"wagered", "prize", "toNext", "toPrize"}}
    return body | {key: value if value is None else float(bytes(value)) for key, value in raw.items()}


def lacks(shown: RaceView, player: int | None) -> tuple[Any, ...]:
    found = position(shown, player)
    return found["position"], found["wagered"], found["prize"], found["toNext"], found["toPrize"]


def test_places_and_what_is_lacking_to_the_next_and_to_a_prize() -> None:
    shown = race([50, 40, 30, 10])

    assert lacks(shown, 1) == (1, 50, 60, None, None)
    assert lacks(shown, 2) == (2, 40, 30, 10, None)
    assert lacks(shown, 3) == (3, 30, 10, 10, None)
    assert lacks(shown, 4) == (4, 10, 0, 20, 20)
    assert position(shown, 4)["participants"] == 4


def test_a_running_race_counts_what_came_after_the_baselines() -> None:
    shown = race([50, 40, 30], [45, 5, 31])

    assert shown.amounts.tolist() == [5 * DOLLAR, 35 * DOLLAR, 0]
    assert shown.places.positions.tolist() == [2, 1, 0]
    assert (shown.fallen, shown.total_wagered) == (1, 40 * DOLLAR)


def test_who_is_not_ranked_lacks_the_last_place_and_the_last_prize() -> None:
    shown = race([50, 40, 30, 10, 0])

    assert lacks(shown, 5) == (None, 0, 0, 10, 30)
    # Somebody the race has never seen, and somebody nobody has.
    assert lacks(shown, 99) == lacks(shown, None) == lacks(shown, 5)


def test_with_fewer_ranked_than_paid_places_any_wager_wins_a_prize() -> None:
    shown = race([50, 0])

    assert lacks(shown, 1) == (1, 50, 60, None, None)
    assert lacks(shown, 2) == (None, 0, 0, 50, 0.00000001)
    assert lacks(race([0]), 1) == (None, 0, 0, None, 0.00000001)


def test_below_the_least_wager_nobody_ranks_and_the_least_wager_is_what_is_lacking() -> None:
    shown = race([50, 20, 19], min_wager=20 * DOLLAR)

    assert lacks(shown, 2) == (2, 20, 30, 30, None)
    assert lacks(shown, 3) == (None, 19, 0, 1, 1)
    assert lacks(race([5], min_wager=20 * DOLLAR), 1) == (None, 5, 0, None, 15)


def test_who_has_as_much_as_the_one_above_came_later() -> None:
    shown = race([40, 40, 40, 40])

    assert [lacks(shown, player)[:3] for player in (1, 2, 3, 4)] == [
        (1, 40, 60),
        (2, 40, 30),
        (3, 40, 10),
        (4, 40, 0),
    ]
    assert lacks(shown, 4)[3:] == (0, 0)


def test_shared_places_split_their_prizes_and_the_next_one_is_above_the_tie() -> None:
    shown = race([50, 40, 40, 40, 10], tie_policy="shared")

    assert [lacks(shown, player) for player in (2, 3, 4)] == [
        (2, 40, 13.34, 10, None),
        (2, 40, 13.33, 10, None),
        (2, 40, 13.33, 10, None),
    ]
    assert lacks(shown, 5) == (5, 10, 0, 30, 30)
    assert lacks(race([40, 40, 5], tie_policy="shared"), 2) == (1, 40, 45, None, None)


def test_a_frozen_race_stays_as_it_was() -> None:
    shown = frozen([(5, 4), (5, 3), (9, 5), (0, 1)])

    assert shown.amounts.tolist() == [5 * DOLLAR, 5 * DOLLAR, 9 * DOLLAR, 0]
    assert shown.places.positions.tolist() == [3, 2, 1, 0]
    assert (shown.frozen, shown.fallen, shown.version) == (True, 0, 5 + 3)
    assert (shown.as_of, shown.stored_at) == (ENDED["end_as_of"], ENDED["end_stored_at"])


def test_a_running_race_is_as_new_as_the_boards() -> None:
    shown = race([1])

    assert (shown.frozen, shown.version) == (False, 9 + 3)
    assert (shown.as_of, shown.stored_at) == (NOON + timedelta(minutes=30), NOON + timedelta(minutes=31))


def test_a_race_before_its_start_boundary_is_true_for_no_moment() -> None:
    shown = race([], start_run_id=None, start_as_of=None)

    assert (shown.as_of, shown.stored_at, shown.total_wagered) == (None, None, 0)
    assert shown.entry_of(1) is None
    without = replace(shown, race=RACE | STARTED, boards=no_boards())
    assert (without.as_of, without.stored_at) == (None, None)


def test_who_joins_takes_his_place_among_the_entrants() -> None:
    held = entrants((2, 20, 0), (5, 50, 1))

    assert held.joined_by(np.zeros((0, 3), np.int64)) is held
    joined = held.joined_by(np.array([(3, 30, 1), (1, 10, 0)], np.int64))
    assert joined.player_ids.tolist() == [1, 2, 3, 5]
    assert joined.baselines.tolist() == [10, 20, 30, 50]
    assert joined.excluded.tolist() == [False, False, True, True]


def test_who_is_excluded_takes_no_place_and_lets_the_others_move_up() -> None:
    shown = running(RACE | STARTED, entrants((1, 0, 0), (2, 0, 1), (3, 0, 0)), boards([50, 40, 30]))

    assert shown.places.positions.tolist() == [1, 0, 2]
    assert shown.prizes.tolist() == [6000, 0, 3000]
    assert [mark["code"] for mark in encoding.marks(shown)] == ["excluded"]


def test_a_settled_race_is_shown_as_it_was_written() -> None:
    standings = np.array(
        [
            # player, baseline, total, reached, position, prize, excluded
            (1, 5 * DOLLAR, 9 * DOLLAR, 4, 3, 1000, 0),
            (2, 0, 9 * DOLLAR, 5, 0, 0, 2),
            (3, 2 * DOLLAR, 8 * DOLLAR, 3, 2, 3000, 0),
            (4, 7 * DOLLAR, 6 * DOLLAR, 3, 0, 0, 0),
        ],
        np.int64,
    )
    proved = {"settled_at": NOON + timedelta(hours=2), "proof_sha256": "ef"}
    race = RACE | STARTED | ENDED | proved | {"status": "completed", "result_version": 2}

    shown = settled(race, standings, ["Now", "Was", "Then", "Fell"], boards([999] * 4))

    assert shown.places.order.tolist() == [2, 0]
    assert [row["username"] for row in encoding.participants(shown, 0, 9)] == ["Then", "Now"]
    assert (shown.amounts.tolist(), shown.fallen) == ([4 * DOLLAR, 9 * DOLLAR, 6 * DOLLAR, 0], 1)
    assert [mark["code"] for mark in encoding.marks(shown)] == [
        "falling_all_time",
        "excluded",
        "corrected",
    ]
    assert body(shown)["metadata"]["result"] == {
        "version": 2,
        "settledAt": "2025-03-26T14:00:00.000Z",
        "proofSha256": "ef",
    }
    # The first place is empty: nobody gets there by wagering more.
    assert lacks(shown, 3) == (2, 6, 30, None, None)
    assert encoding.as_csv(shown).decode().splitlines()[1:] == ["2,uid3,Then,6,30.00", "3,uid1,Now,4,10.00"]


@given(players=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12), shared=st.booleans())
def test_whoever_raises_his_wager_by_what_he_lacks_gets_there(
    players: list[tuple[int, int]], *, shared: bool
) -> None:
    policy = "shared" if shared else "first_to_reach"
    totals = [base + rise for base, rise in players]
    shown = race(totals, [base for base, _ in players], tie_policy=policy, min_wager=DOLLAR)

    for number in range(1, len(players) + 1):
        place, _, prize, to_next, to_prize = lacks(shown, number)
        assert (to_prize is None) == (prize > 0)
        if to_next is None:
            assert place == 1 or not shown.places.ranked
            continue
        raised = list(totals)
        raised[number - 1] += round(to_next) + 1
        again = race(raised, [base for base, _ in players], tie_policy=policy, min_wager=DOLLAR)
        assert lacks(again, number)[0] < (place or len(players) + 1)


def body(shown: RaceView, now: datetime = NOON) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(encoding.page(shown, now).body)
    return found


def test_a_page_is_encoded_once_for_each_phase_and_counts_the_seconds_each_time() -> None:
    shown = race([5])

    pages = [encoding.page(shown, NOON + timedelta(minutes=minutes)) for minutes in (0, 30, 60, 90)]

    assert [json.loads(page.body)["metadata"]["secondsLeft"] for page in pages] == [3600, 1800, 0, 0]
    assert [json.loads(page.body)["metadata"]["phase"] for page in pages] == ["live"] * 2 + ["settling"] * 2
    assert pages[0].etag == pages[1].etag != pages[2].etag == pages[3].etag
    assert len(shown.ready) == 2


@pytest.mark.parametrize("name", ["-987654321", '"secondsLeft":-987654321', "x-987654321x"])
def test_no_name_is_taken_for_the_seconds_left(name: str) -> None:
    shown = running(RACE | STARTED | {"name": name}, entrants((1, 0, 0)), boards([5], names=[name]))

    said = body(shown)

    assert (said["name"], said["participants"][0]["username"]) == (name, name)
    assert said["metadata"]["secondsLeft"] == 3600


def test_a_page_says_what_it_counts_and_when() -> None:
    said = body(frozen([(5, 4)], next_start_date=NOON + timedelta(days=1)), NOON + timedelta(hours=2))

    assert said["participants"] == [
        {"userId": None, "goatedId": "uid1", "username": "N1", "wagered": 5, "position": 1, "prize": 60}
    ]
    assert said["prizePool"] == "100.00"
    metadata = said["metadata"]
    assert metadata["boundaries"] == {
        "start": {"runId": 2, "asOf": "2025-03-26T12:00:00.000Z", "reportSha256": "ab"},
        "end": {"runId": 5, "asOf": "2025-03-26T13:00:00.000Z", "reportSha256": "cd"},
    }
    assert metadata["prizes"] == [
        {"place": place, "amount": each} for place, each in ((1, 60), (2, 30), (3, 10))
    ]
    assert metadata["transitionEnds"] == "2025-03-26T14:00:00.000Z"
    assert metadata["nextRaceStart"] == "2025-03-27T12:00:00.000Z"
    assert metadata["lastUpdated"] == "2025-03-26T13:00:03.000Z"


def test_a_race_tells_what_its_players_should_know() -> None:
    late = NOON + timedelta(minutes=15)
    assert encoding.marks(race([1], start_as_of=late)) == []

    told = encoding.marks(
        race(
            [1],
            [2],
            start_as_of=late + timedelta(seconds=1),
            status="cancelled",
            metadata={"cancelReason": "No feed."},
        )
    )

    assert [mark["code"] for mark in told] == ["late_start", "falling_all_time", "cancelled"]
    assert told[2]["text"] == "This race was cancelled: No feed."


def test_a_race_tells_how_it_came_to_its_end() -> None:
    late = ENDED["end_as_of"] + timedelta(minutes=15)
    ended = race([1], **ENDED)

    def told(**fields: Any) -> list[str]:  # noqa: ANN401 - columns
        return [mark["code"] for mark in encoding.marks(replace(ended, race={**ended.race, **fields}))]

    assert told() == told(end_as_of=late) == []
    assert told(end_as_of=late + timedelta(seconds=1)) == ["late_end"]
    assert told(metadata={"settleReason": "No feed."}) == ["settled_early"]
    assert told(end_as_of=None, metadata={"overdueSince": "x"}) == ["overdue"]
    assert told(metadata={"overdueSince": "x"}) == []
    assert told(start_as_of=NOON - timedelta(seconds=1)) == ["started_early"]
