"""What others see of players: pure."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.leaderboards.board import OFF, Board
from goatedvips.leaderboards.faces import Face, Faces

FACES = Faces(
    {
        1: Face(101, "#123456"),
        2: Face(102, "#123456", "masked"),
        3: Face(103, "#123456", "hidden"),
        4: Face(None, None, "erased"),
        5: Face(105, "#123456", "public", off=True),
    },
    7,
    b"key",
)


def test_each_is_seen_as_he_chose() -> None:
    assert [FACES.name(player, "Somebody") for player in range(1, 7)] == [
        "Somebody",
        "So•••",
        "Hidden player",
        "Deleted player",
        "Hidden player",
        "Somebody",
    ]
    assert [FACES.account(player)[0] for player in range(1, 7)] == [101, 102, None, None, None, None]
    assert [FACES.is_public(player) for player in range(1, 7)] == [True, False, False, False, False, True]
    assert FACES.off.tolist() == [5]
    assert FACES.player_of(102) == 2
    assert FACES.player_of(999) is None


def test_an_alias_is_the_same_for_one_and_differs_for_another_key() -> None:
    alias = FACES.uid(3, "uid3")

    assert FACES.uid(1, "uid1") == "uid1"
    assert alias == FACES.uid(3, "uid3") != FACES.uid(4, "uid3x")
    assert alias != Faces(FACES.by_player, 7, b"other").uid(3, "uid3")
    assert FACES.tag != Faces({}, 7).tag


amounts = st.lists(st.integers(0, 9), min_size=1, max_size=30)


@given(amounts, amounts, st.sets(st.integers(0, 29)))
def test_who_is_off_stands_nowhere_and_the_others_as_if_he_were_not_there(
    before: list[int], after: list[int], left_out: set[int]
) -> None:
    size = max(len(before), len(after))
    first = np.array(before, np.int64)
    now = np.array((after + before[len(after) :])[:size], np.int64)
    ids, reached = np.arange(size, dtype=np.int64), np.ones(size, np.int64)
    off = np.array(sorted(slot for slot in left_out if slot < len(first)), np.int64)

    board = Board.build(first, reached[: len(first)], ids[: len(first)], off=off)
    merged = board.merged(np.arange(size), now, reached, ids, off=off)
    built = Board.build(now, reached, ids, off=off)

    assert merged.order.tolist() == built.order.tolist()
    assert merged.places.tolist() == built.places.tolist()
    assert all(merged.places[slot] == OFF and merged.rank(int(slot)) is None for slot in off)
    assert len(merged) == size - len(off)
    everybody = Board.build(now, reached, ids).order.tolist()
    assert merged.order.tolist() == [slot for slot in everybody if slot not in set(off.tolist())]
