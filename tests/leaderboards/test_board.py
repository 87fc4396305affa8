from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from goatedvips.leaderboards.board import Board

Numbers = NDArray[np.int64]
# Few values, so that ties are the rule; the largest amount and run that can be held are among them.
amounts = st.sampled_from([0, 0, 1, 2, 3, 2**63 - 1])
runs = st.sampled_from([1, 2, 3, 2**63 - 1])


@dataclass(frozen=True)
class Players:
    amounts: Numbers
    reached: Numbers
    ids: Numbers

    @classmethod
    def of(cls, rows: list[tuple[int, int, int]]) -> "Players":
        table = np.array(rows, np.int64).reshape(-1, 3)
        return cls(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())

    def board(self) -> Board:
        return Board.build(self.amounts, self.reached, self.ids)

    def sorted_slots(self) -> list[int]:
        def key(slot: int) -> tuple[int, int, int]:
            amount, reached, player = (int(column[slot]) for column in (self.amounts, self.reached, self.ids))
            return (-amount, reached, player) if amount > 0 else (0, 0, player)

        return sorted(range(len(self.amounts)), key=key)


@st.composite
def players(draw: st.DrawFn, least: int = 0) -> Players:
    rows = draw(st.lists(st.tuples(amounts, runs), min_size=least, max_size=30))
    ids = draw(st.lists(st.integers(1, 500), min_size=len(rows), max_size=len(rows), unique=True))
    return Players.of([(amount, run, player) for (amount, run), player in zip(rows, ids, strict=True)])


@st.composite
def changes(draw: st.DrawFn, held: Players) -> tuple[Players, Numbers]:
    """Some slots changed, some named that did not change, some appended and not named."""
    size = len(held.amounts)
    named = draw(st.lists(st.integers(0, size - 1), max_size=size // 2)) if size else []
    after = Players(held.amounts.copy(), held.reached.copy(), held.ids)
    for slot in named:
        after.amounts[slot], after.reached[slot] = draw(amounts), draw(runs)
    added = draw(st.lists(st.tuples(amounts, runs), max_size=4))
    base = int(held.ids.max(initial=0))
    new = Players.of([(amount, run, base + 1 + n) for n, (amount, run) in enumerate(added)])
    together = Players(
        *(
            np.concatenate((getattr(after, name), getattr(new, name)))
            for name in ("amounts", "reached", "ids")
        )
    )
    return together, np.array(named, np.int64)


def merged(board: Board, after: Players, changed: Numbers) -> Board:
    return board.merged(changed, after.amounts, after.reached, after.ids)


def same(one: Board, other: Board) -> bool:
    return (
        one.ranked == other.ranked
        and one.order.tolist() == other.order.tolist()
        and one.places.tolist() == other.places.tolist()
    )


@given(players())
def test_a_board_is_what_a_plain_sort_gives(held: Players) -> None:
    board = held.board()

    expected = held.sorted_slots()
    assert expected == board.slots(0, len(board)).tolist()
    assert int(np.count_nonzero(held.amounts)) == board.ranked
    assert [place if held.amounts[slot] > 0 else None for place, slot in enumerate(expected, start=1)] == [
        board.rank(slot) for slot in expected
    ]


@given(st.data())
def test_merging_any_changes_gives_the_board_that_sorting_all_of_them_gives(data: st.DataObject) -> None:
    held = data.draw(players())
    board = held.board()
    for _ in range(3):
        held, changed = data.draw(changes(held))
        board = merged(board, held, changed)

        assert same(held.board(), board)


@given(st.data())
def test_merging_few_changes_into_many_players_gives_the_board_that_sorting_gives(
    data: st.DataObject,
) -> None:
    # Large enough that no draw falls back to sorting.
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    held = Players(
        chance.integers(0, data.draw(st.sampled_from([2, 50, 10**12])), 500),
        chance.integers(1, 4, 500),
        chance.permutation(500).astype(np.int64),
    )
    board = held.board()
    for _ in range(4):
        changed = chance.choice(500, 40, replace=False)
        held = Players(held.amounts.copy(), held.reached.copy(), held.ids)
        held.amounts[changed] += chance.integers(0, 3, 40)
        held.amounts[changed[:5]] = 0
        held.reached[changed] = chance.integers(1, 4, 40)
        board = merged(board, held, changed)

        assert same(held.board(), board)


@given(st.data())
def test_an_older_board_still_shows_what_it_showed(data: st.DataObject) -> None:
    held = data.draw(players())
    old = held.board()
    shown = old.slots(0, 30).tolist(), old.places.tolist()

    merged(old, *data.draw(changes(held)))

    assert shown == (old.slots(0, 30).tolist(), old.places.tolist())


def test_building_and_merging_only_read_their_arrays() -> None:
    held = Players.of([(5, 1, 1), (7, 1, 2)] + [(0, 1, player) for player in range(3, 20)])
    for column in (held.amounts, held.reached, held.ids):
        column.flags.writeable = False

    board = merged(held.board(), held, np.array([1]))

    assert board.slots(0, 2).tolist() == [1, 0]


def test_a_board_that_nothing_changed_is_the_same_board() -> None:
    held = Players.of([(5, 1, 1), (7, 1, 2)])
    board = held.board()

    assert merged(board, held, np.array([], np.int64)) is board


def test_a_tie_goes_to_whoever_got_there_first_and_then_to_the_lower_id() -> None:
    board = Players.of([(50, 9, 1), (50, 2, 7), (50, 2, 6), (60, 9, 9)]).board()

    assert board.slots(0, 10).tolist() == [3, 2, 1, 0]


def test_who_wagered_nothing_comes_last_by_id_and_has_no_rank() -> None:
    board = Players.of([(0, 1, 9), (3, 5, 4), (0, 8, 2)]).board()

    assert board.slots(0, 10).tolist() == [1, 2, 0]
    assert [board.rank(slot) for slot in range(3)] == [None, 1, None]


def test_pages_follow_each_other_and_end() -> None:
    board = Players.of([(10 - slot, 1, slot) for slot in range(7)]).board()

    assert [board.slots(offset, 3).tolist() for offset in (0, 3, 6, 9)] == [[0, 1, 2], [3, 4, 5], [6], []]


def test_a_page_cannot_be_written_to() -> None:
    board = Players.of([(1, 1, 1)]).board()

    with pytest.raises(ValueError, match="read-only"):
        board.slots(0, 1)[0] = 5


@pytest.mark.parametrize(
    ("slot", "offset", "slots"), [(0, 0, [0, 1, 2]), (3, 1, [1, 2, 3, 4, 5]), (6, 4, [4, 5, 6])]
)
def test_neighbours_are_cut_off_at_both_ends(slot: int, offset: int, slots: list[int]) -> None:
    board = Players.of([(6 - slot, 1, slot) for slot in range(7)]).board()

    before, around = board.around(slot, 2)

    assert (offset, slots) == (before, around.tolist())


@pytest.mark.parametrize("slot", [-1, 1])
def test_a_slot_that_is_not_there_has_no_rank_of_somebody_else(slot: int) -> None:
    board = Players.of([(1, 1, 1)]).board()

    with pytest.raises(IndexError):
        board.rank(slot)


def test_a_board_of_nobody_is_empty() -> None:
    board = Players.of([]).board()

    assert (len(board), board.ranked, board.slots(0, 10).tolist()) == (0, 0, [])
