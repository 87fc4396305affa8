import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.races.rules.ranking import Places, TiePolicy, rank

Entry = tuple[int, int, int]
entries = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 3), st.integers(1, 1000)),
    max_size=40,
    unique_by=lambda e: e[2],
)


def ranked(rows: list[Entry], policy: TiePolicy, *, min_wager: int = 0) -> Places:
    table = np.array(rows, np.int64).reshape(-1, 3)
    return rank(table[:, 0], table[:, 1], table[:, 2], policy=policy, min_wager=min_wager)


def in_plain_order(rows: list[Entry], min_wager: int) -> list[int]:
    eligible = [index for index, row in enumerate(rows) if row[0] >= max(1, min_wager)]
    return sorted(eligible, key=lambda index: (-rows[index][0], rows[index][1], rows[index][2]))


@given(entries, st.integers(0, 4))
def test_first_to_reach_gives_everybody_a_place_of_his_own(rows: list[Entry], min_wager: int) -> None:
    places = ranked(rows, "first_to_reach", min_wager=min_wager)

    expected = in_plain_order(rows, min_wager)
    assert expected == places.order.tolist()
    assert len(expected) == places.ranked
    assert [expected.index(index) + 1 if index in expected else 0 for index in range(len(rows))] == (
        places.positions.tolist()
    )


@given(entries, st.integers(0, 4))
def test_a_shared_place_is_one_more_than_those_who_wagered_more(rows: list[Entry], min_wager: int) -> None:
    places = ranked(rows, "shared", min_wager=min_wager)

    expected = in_plain_order(rows, min_wager)
    assert expected == places.order.tolist()
    assert [
        1 + sum(rows[other][0] > row[0] for other in expected) if index in expected else 0
        for index, row in enumerate(rows)
    ] == places.positions.tolist()


@given(entries, st.randoms(use_true_random=False), st.sampled_from(["first_to_reach", "shared"]))
def test_places_do_not_depend_on_the_order_of_the_input(
    rows: list[Entry], chance: object, policy: TiePolicy
) -> None:
    shuffled = rows.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    by_id = [
        {row[2]: position for row, position in zip(given_rows, places.positions.tolist(), strict=True)}
        for given_rows, places in ((rows, ranked(rows, policy)), (shuffled, ranked(shuffled, policy)))
    ]

    assert by_id[0] == by_id[1]


def test_two_who_share_a_place_leave_the_next_one_empty() -> None:
    places = ranked([(90, 1, 1), (50, 1, 2), (50, 2, 3), (10, 1, 4)], "shared")

    assert places.positions.tolist() == [1, 2, 2, 4]


@pytest.mark.parametrize("policy", ["first_to_reach", "shared"])
def test_nothing_wagered_is_never_ranked(policy: TiePolicy) -> None:
    places = ranked([(0, 1, 1), (1, 1, 2), (0, 1, 3)], policy)

    assert places.positions.tolist() == [0, 1, 0]


def test_exactly_the_least_wager_is_enough() -> None:
    places = ranked([(99, 1, 1), (100, 1, 2)], "first_to_reach", min_wager=100)

    assert places.positions.tolist() == [0, 1]
