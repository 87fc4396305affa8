from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.realtime.delta import (
    Delta,
    apply_delta,
    apply_leaderboard_delta,
    apply_race_delta,
    leaderboard_delta,
    leaderboard_shape,
    race_delta,
)

PRIZES = {1: 50, 2: 30, 3: 20}


@dataclass(frozen=True)
class Player:
    number: int
    amount: int
    reached: int
    name: str = "somebody"


def race_page(players: list[Player], *, shared: bool = False, places: int = 100) -> list[Mapping[str, Any]]:
    """Rank players as a race does, so that the pages are ones that can happen."""
    ranked = sorted(
        (p for p in players if p.amount), key=lambda p: (-p.amount, not shared and p.reached, p.number)
    )
    rows: list[Mapping[str, Any]] = []
    for index, player in enumerate(ranked[:places]):
        tied = [i for i, other in enumerate(ranked) if shared and other.amount == player.amount] or [index]
        pool = Fraction(sum(PRIZES.get(i + 1, 0) for i in tied), len(tied))
        rows.append(
            {
                "userId": None,
                "goatedId": f"g{player.number}",
                "username": player.name,
                "wagered": player.amount,
                "position": tied[0] + 1,
                "prize": pool,
            }
        )
    return rows


def board_page(players: list[Player]) -> list[Mapping[str, Any]]:
    ranked = sorted(players, key=lambda p: (-p.amount, p.number))
    return [
        {"uid": f"g{p.number}", "name": p.name, "wagered": p.amount, "rank": place if p.amount else None}
        for place, p in enumerate(ranked, start=1)
    ]


people = st.dictionaries(
    st.integers(0, 12),
    st.tuples(st.integers(0, 6), st.integers(0, 3), st.sampled_from(["ann", "bob"])),
)


def players(chosen: dict[int, tuple[int, int, str]]) -> list[Player]:
    return [Player(number, *rest) for number, rest in chosen.items()]


@given(before=people, after=people, shared=st.booleans(), places=st.integers(1, 15))
def test_a_race_delta_leads_exactly_to_the_new_page(
    before: dict[int, tuple[int, int, str]],
    after: dict[int, tuple[int, int, str]],
    shared: bool,  # noqa: FBT001 - hypothesis names its arguments
    places: int,
) -> None:
    old = race_page(players(before), shared=shared, places=places)
    new = race_page(players(after), shared=shared, places=places)

    delta = race_delta(old, new, prizes=PRIZES, shared=shared)

    assert delta is None or apply_race_delta(old, delta, prizes=PRIZES, shared=shared) == new


@given(before=people, after=people)
def test_a_leaderboard_delta_leads_exactly_to_the_new_page(
    before: dict[int, tuple[int, int, str]], after: dict[int, tuple[int, int, str]]
) -> None:
    old, new = board_page(players(before)), board_page(players(after))

    delta = leaderboard_delta(old, new)

    assert delta is None or apply_delta(old, delta, leaderboard_shape()) == new


@given(field=people, changed=st.integers(0, 12), amount=st.integers(1, 9), shared=st.booleans())
def test_when_one_player_of_many_wagers_there_is_a_delta_and_it_is_small(
    field: dict[int, tuple[int, int, str]],
    changed: int,
    amount: int,
    shared: bool,  # noqa: FBT001 - hypothesis names its arguments
) -> None:
    crowd = [Player(100 + n, 100 + n, 0) for n in range(20)]
    before = players(field) + crowd
    wagered = field.get(changed, (0, 0, ""))[0] + amount
    after = players(field | {changed: (wagered, 9, "ann")}) + crowd
    old, new = race_page(before, shared=shared), race_page(after, shared=shared)

    delta = race_delta(old, new, prizes=PRIZES, shared=shared)

    assert delta is not None
    assert shared or len(delta.changed) <= 1


def test_whoever_only_moved_is_not_sent_again() -> None:
    before = [Player(n, 100 - n, 0) for n in range(50)]
    after = [*before[:-1], Player(49, 1000, 1)]

    delta = race_delta(race_page(before), race_page(after), prizes=PRIZES)

    assert delta is not None
    assert [(row["goatedId"], row["position"], row["prize"]) for row in delta.changed] == [("g49", 1, 50)]
    assert delta.removed == []


def test_whoever_fell_off_the_page_is_named_and_whoever_came_is_sent() -> None:
    before = [Player(1, 30, 0), Player(2, 20, 0), Player(3, 10, 0)]
    after = [Player(1, 30, 0), Player(2, 20, 0), Player(3, 10, 0), Player(4, 25, 1)]

    delta = race_delta(race_page(before, places=3), race_page(after, places=3), prizes=PRIZES)

    assert delta is not None
    assert [row["goatedId"] for row in delta.changed] == ["g4"]
    assert delta.removed == ["g3"]


def test_ties_travel_together_where_they_share_a_place() -> None:
    before = [Player(1, 9, 0), Player(2, 5, 0), Player(4, 5, 0), Player(5, 3, 0)]
    after = [*before, Player(3, 5, 0)]

    delta = race_delta(
        race_page(before, shared=True), race_page(after, shared=True), prizes=PRIZES, shared=True
    )

    assert delta is not None
    assert [(row["goatedId"], row["position"]) for row in delta.changed] == [
        ("g2", 2),
        ("g3", 2),
        ("g4", 2),
        ("g5", 5),
    ]


def test_an_order_that_the_rows_do_not_explain_goes_as_a_whole_page() -> None:
    before = [Player(1, 5, 0), Player(2, 5, 1), Player(3, 1, 0)]
    after = [Player(1, 5, 1), Player(2, 5, 0), Player(3, 1, 0)]

    assert race_delta(race_page(before), race_page(after), prizes=PRIZES) is None


def test_prizes_that_the_table_does_not_explain_go_as_a_whole_page() -> None:
    old = race_page([Player(1, 5, 0), Player(2, 4, 0)])
    new = [dict(row) | {"prize": 7} for row in race_page([Player(1, 6, 0), Player(2, 4, 0)])]

    assert race_delta(old, new, prizes=PRIZES) is None


def test_a_page_of_which_nothing_is_left_goes_whole() -> None:
    assert race_delta(race_page([Player(1, 5, 0)]), race_page([Player(1, 6, 0)]), prizes=PRIZES) is None


def test_nothing_changed_is_an_empty_delta() -> None:
    page = race_page([Player(1, 5, 0)])

    assert race_delta(page, page, prizes=PRIZES) == Delta([], [])


@pytest.mark.parametrize("position", [0, 5])
def test_a_delta_for_another_page_is_refused(position: int) -> None:
    page = race_page([Player(1, 5, 0), Player(2, 4, 0)])
    stranger = dict(page[0]) | {"goatedId": "g9", "position": position}

    with pytest.raises(ValueError, match="no place"):
        apply_race_delta(page, Delta([stranger], []), prizes=PRIZES)


def test_a_leaderboard_delta_leads_to_the_new_page() -> None:
    old = [{"uid": "a", "rank": 1, "name": "A"}, {"uid": "b", "rank": 2, "name": "B"}]
    new = [{"uid": "c", "rank": 1, "name": "C"}, {"uid": "a", "rank": 2, "name": "A"}]

    delta = leaderboard_delta(old, new)

    assert delta is not None
    assert apply_leaderboard_delta(old, delta) == new


def test_a_page_with_places_that_cannot_be_goes_whole() -> None:
    old = [{"uid": "a", "rank": 1}, {"uid": "b", "rank": 2}]

    assert leaderboard_delta(old, [{"uid": "a", "rank": 1}, {"uid": "c", "rank": 9}]) is None
