"""All boards at one version, made from rows. No database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.kit.windows import PERIODS, Period
from goatedvips.leaderboards.boards import NO_FACES, Boards, Version, no_boards, rebuilt
from goatedvips.leaderboards.faces import Face, Faces
from goatedvips.leaderboards.people import slot_of

NOON = datetime(2025, 3, 26, 12, tzinfo=UTC)
Row = tuple[Any, ...]


def player(number: int, all_time: int = 0, *, name: str = "", run: int = 1) -> Row:
    return (number, f"uid{number}", name or f"N{number}", 0, 0, 0, all_time, run, run, run, run)


def taken_in(held: Boards, rows: list[Row], *, run: int = 1, faces: Faces = NO_FACES) -> Boards:
    """Return the boards after a run with these rows; runs 1, 2, 3 … are true for seconds 1, 2, 3 …"""
    times = np.arange(1, run + 1, dtype=np.int64)
    version = Version(run, NOON, NOON + timedelta(seconds=1), ())
    return rebuilt(held, rows, version=version, faces=faces, run_ids=times, run_times=times * 1000)


def board_of(boards: Boards, period: Period = Period.ALL_TIME) -> list[str]:
    return [boards.names[slot] for slot in boards.boards[period].slots(0, 99)]


def test_nobody_is_on_the_boards_before_the_first_report() -> None:
    boards = no_boards()

    assert (boards.number, boards.slot(1), boards.slot_by_uid("uid1")) == (0, None, None)
    assert boards.players_per_tier() == [0] * 7
    assert all(board_of(boards, period) == [] for period in PERIODS)


def test_boards_of_another_database_have_another_tag_though_they_are_of_the_same_run() -> None:
    boards = taken_in(no_boards(), [player(1, 5)])
    version = Version(1, NOON + timedelta(microseconds=1), NOON, ())

    assert boards.tag == taken_in(no_boards(), [player(1, 5)]).tag
    assert boards.tag != replace(boards, version=version).tag
    assert boards.tag != no_boards().tag


def test_players_are_found_by_id_and_by_uid() -> None:
    boards = taken_in(no_boards(), [player(3), player(8)])

    assert [boards.slot(number) for number in (2, 3, 5, 8, 9)] == [None, 0, None, 1, None]
    assert [boards.slot_by_uid(uid) for uid in ("uid3", "uid8", "uid9")] == [0, 1, None]
    assert boards.slots(np.array([3, 8])).tolist() == [0, 1]


def test_older_boards_stay_as_they_were() -> None:
    before = taken_in(no_boards(), [player(1, 5), player(2, 3)])
    after = taken_in(before, [player(2, 9, name="New", run=2), player(3, 7, run=2)], run=2)

    assert board_of(before) == ["N1", "N2"]
    assert board_of(after) == ["New", "N3", "N1"]
    assert (before.number, after.number) == (1, 2)
    # A later version's player is not on the earlier one's boards.
    assert (before.slot_by_uid("uid3"), after.slot_by_uid("uid3")) == (None, 2)


def test_whoever_is_off_since_the_last_run_is_on_no_board_and_comes_back_when_he_is_not() -> None:
    before = taken_in(no_boards(), [player(1, 5), player(2, 3)])
    without = taken_in(before, [player(2, 4, run=2)], run=2, faces=Faces({1: Face(101, off=True)}))
    again = taken_in(without, [player(2, 6, run=3)], run=3)

    assert [board_of(boards) for boards in (before, without, again)] == [["N1", "N2"], ["N2"], ["N2", "N1"]]


def test_a_player_is_as_new_as_his_newest_window() -> None:
    amounts = (1, "uid1", "N1", 0, 0, 0, 5)
    boards = taken_in(no_boards(), [(*amounts, 1, 3, 1, 2), player(2, run=9)], run=3)

    assert boards.updated_at(0) == datetime.fromtimestamp(3, tz=UTC)
    # A run that is not known here is as old as the newest that is.
    assert boards.updated_at(1) == datetime.fromtimestamp(3, tz=UTC)


def test_tiers_follow_from_all_that_was_ever_wagered() -> None:
    boards = taken_in(no_boards(), [player(1, 0), player(2, 10**17)])

    assert (boards.tier(0), boards.tier(1)) == (0, 6)
    assert boards.players_per_tier() == [1, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("person", "slot"),
    [
        ("7", 0),
        ("uid7", 0),
        ("8", 1),
        ("500", 1),
        ("501", None),
        ("502", None),
        ("12345678901234567890", 2),
        ("", None),
        ("\N{ARABIC-INDIC DIGIT SEVEN}", None),
        ("nobody", None),
    ],
)
def test_a_person_is_a_player_id_a_linked_user_or_a_uid(person: str, slot: int | None) -> None:
    rows: list[Row] = [player(7), player(8), (9, "12345678901234567890", "Digits", *[0] * 8)]
    boards = taken_in(no_boards(), rows, faces=Faces({8: Face(500), 99: Face(502)}))

    assert slot_of(boards, person) == slot


amounts = st.integers(0, 3)


@given(
    st.lists(st.dictionaries(st.integers(1, 9), st.tuples(amounts, amounts, amounts, amounts)), max_size=5)
)
def test_taking_changes_in_one_by_one_gives_the_boards_of_the_whole(
    history: list[dict[int, tuple[int, int, int, int]]],
) -> None:
    boards, rows = no_boards(), dict[int, Row]()
    for run, changes in enumerate(history, start=1):
        newest = max(rows, default=0)
        # Ids rise with the runs: somebody older than the newest is known or never comes.
        changed = {number: told for number, told in changes.items() if number in rows or number > newest}
        for number, told in changed.items():
            before = rows.get(number, (None,) * 11)
            reached = (
                run if now != was else since
                for now, was, since in zip(told, before[3:7], before[7:], strict=True)
            )
            rows[number] = (number, f"uid{number}", f"N{number}-{run}", *told, *reached)
        boards = taken_in(boards, [rows[number] for number in sorted(changed)], run=run)
        whole = taken_in(no_boards(), [rows[number] for number in sorted(rows)], run=run)

        assert (boards.uids, boards.names) == (whole.uids, whole.names)
        assert boards.ids.tolist() == whole.ids.tolist()
        for period in PERIODS:
            assert board_of(boards, period) == board_of(whole, period)
            assert boards.amounts[period].tolist() == whole.amounts[period].tolist()
            assert boards.reached[period].tolist() == whole.reached[period].tolist()
