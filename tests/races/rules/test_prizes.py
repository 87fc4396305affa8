import json
from decimal import Decimal
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goatedvips.kit.errors import BadInput
from goatedvips.races.rules.prizes import DEFAULT_PERCENTAGES, DEFAULT_TABLE, PrizeTable, award, split
from goatedvips.races.rules.ranking import TiePolicy, rank

Entry = dict[str, object]
POLICIES: list[TiePolicy] = ["first_to_reach", "shared"]
pools = st.integers(1, 10**14)
# Parts of a whole in millionths of a percent, so that the percentages are exactly 100 in all.
parts = st.lists(st.integers(1, 10**8), min_size=1, max_size=40)


def percent(millionths: int) -> str:
    return f"{Decimal(millionths).scaleb(-6):f}"


def shares_of_the_whole(weights: list[int]) -> list[int]:
    whole = 10**8
    cut = [max(1, weight * whole // sum(weights)) for weight in weights]
    cut[0] += whole - sum(cut)
    return sorted(cut, reverse=True)


def percentages(millionths: list[int]) -> list[Entry]:
    return [{"place": place, "percent": percent(part)} for place, part in enumerate(millionths, start=1)]


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, list[Entry]]:
    """A pool and entries in any order: places and ranges, amounts and percentages, within the pool."""
    pool = draw(st.integers(100, 10**10))
    left, place, entries = pool * 10**8, 1, list[Entry]()
    for _ in range(draw(st.integers(1, 8))):
        places = draw(st.integers(1, 5))
        where: Entry = {"place": place} if places == 1 else {"from": place, "to": place + places - 1}
        most = left // places
        if draw(st.booleans()) and most >= 10**8:
            cents = draw(st.integers(1, most // 10**8))
            entries.append(where | {"amount": f"{cents // 100}.{cents % 100:02d}"})
            left -= places * cents * 10**8
        elif most >= pool:
            millionths = draw(st.integers(1, most // pool))
            entries.append(where | {"percent": percent(millionths)})
            left -= places * millionths * pool
        else:
            break
        place += places
    assume(entries)
    return pool, draw(st.permutations(entries))


def refusals(entries: object, pool_cents: int = 100_000) -> list[str]:
    with pytest.raises(BadInput) as refused:
        PrizeTable.parse(entries, pool_cents=pool_cents)
    return [f"{error.field}: {error.message}" for error in refused.value.errors]


@given(tables())
def test_no_table_pays_more_than_its_pool_nor_a_cent_more_or_less_than_it_says(
    case: tuple[int, list[Entry]],
) -> None:
    pool, entries = case
    table = PrizeTable.parse(entries, pool_cents=pool)
    cents = split(pool, table)

    exact = [share.quota(pool) for share in table.shares for _ in range(share.places)]
    assert sum(exact) // 10**8 == sum(cents) <= pool
    assert all(quota // 10**8 <= paid <= -(-quota // 10**8) for quota, paid in zip(exact, cents, strict=True))


@given(tables())
def test_a_place_is_paid_less_than_a_worse_one_only_if_the_table_says_so(
    case: tuple[int, list[Entry]],
) -> None:
    pool, entries = case
    table = PrizeTable.parse(entries, pool_cents=pool)
    cents = split(pool, table)

    quotas = [share.quota(pool) for share in table.shares for _ in range(share.places)]
    for better, worse in pairwise(range(len(cents))):
        assert cents[better] >= cents[worse] or quotas[better] < quotas[worse]


@given(pools, parts)
def test_percentages_of_a_hundred_pay_the_pool_to_the_cent(pool: int, weights: list[int]) -> None:
    table = PrizeTable.parse(percentages(shares_of_the_whole(weights)), pool_cents=pool)

    cents = split(pool, table)

    assert pool == sum(cents)
    assert sorted(cents, reverse=True) == list(cents)


@given(tables())
def test_a_table_comes_back_from_its_column_as_it_was(case: tuple[int, list[Entry]]) -> None:
    pool, entries = case
    table = PrizeTable.parse(entries, pool_cents=pool)

    assert table == PrizeTable.from_shares(json.loads(json.dumps(table.to_json())))


@given(pools)
def test_the_default_pays_the_whole_pool(pool: int) -> None:
    assert pool == sum(split(pool, DEFAULT_TABLE))


def test_the_default_is_the_eight_shares_that_were_promised() -> None:
    assert split(100_00, DEFAULT_TABLE) == (42_50, 20_00, 15_00, 7_50, 6_00, 4_00, 2_75, 2_25)
    assert (8, Decimal(100)) == (DEFAULT_TABLE.places, sum(DEFAULT_PERCENTAGES))


def test_spare_cents_go_to_the_largest_remainders_and_of_equals_to_the_better_places() -> None:
    table = PrizeTable.parse([{"from": 1, "to": 4, "percent": "25"}], pool_cents=102)

    assert split(102, table) == (26, 26, 25, 25)


def test_a_percentage_of_a_range_is_paid_to_each_of_its_places() -> None:
    table = PrizeTable.parse(
        [{"place": 1, "percent": "50"}, {"from": 2, "to": 4, "percent": "5"}], pool_cents=100_00
    )

    assert split(100_00, table) == (50_00, 5_00, 5_00, 5_00)


def test_amounts_and_percentages_may_be_mixed_within_the_pool() -> None:
    entries = [{"place": 2, "percent": "25", "amount": None}, {"place": 1, "amount": "75"}]

    assert split(100_00, PrizeTable.parse(entries, pool_cents=100_00)) == (75_00, 25_00)


def test_a_table_may_pay_a_worse_place_more() -> None:
    entries = [{"place": 1, "amount": "1"}, {"place": 2, "amount": "9.5"}]

    assert split(100_00, PrizeTable.parse(entries, pool_cents=100_00)) == (1_00, 9_50)


def test_a_table_made_for_a_larger_pool_is_not_split() -> None:
    table = PrizeTable.parse([{"place": 1, "amount": "100"}], pool_cents=100_00)

    with pytest.raises(ValueError, match="more than the pool"):
        split(99_99, table)


def test_the_table_is_stored_in_the_shape_of_the_wire() -> None:
    entries = [{"from": 2, "to": 3, "percent": "7.5"}, {"place": 1, "amount": "10"}]

    assert (PrizeTable.parse(entries, pool_cents=100_00).to_json()) == [
        {"place": 1, "amount": "10.00"},
        {"from": 2, "to": 3, "percent": "7.5"},
    ]


@pytest.mark.parametrize("pool", [0, -1])
def test_a_pool_of_nothing_is_refused(pool: int) -> None:
    assert refusals([{"place": 1, "percent": "100"}], pool) == ["prizePool: must be more than 0"]


@pytest.mark.parametrize("entries", [[], {}, "place 1", None, {"place": 1, "percent": "100"}])
def test_a_table_is_a_list_that_pays_somebody(entries: object) -> None:
    assert refusals(entries) == ["prizes: must be a list that pays at least one place"]


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"percent": "10"}, "place"),
        ({"place": 0, "percent": "10"}, "place"),
        ({"place": -1, "percent": "10"}, "place"),
        ({"place": 10_001, "percent": "10"}, "place"),
        ({"place": "2", "percent": "10"}, "place"),
        ({"place": 2, "to": 3, "percent": "10"}, "place"),
        ({"place": 2, "from": 2, "percent": "10"}, "place"),
        ({"from": 2, "percent": "10"}, "to"),
        ({"to": 2, "percent": "10"}, "from"),
        ({"from": 2, "to": 10_001, "percent": "10"}, "to"),
        ({"from": 3, "to": 2, "percent": "10"}, "to"),
        ({"place": 2}, "percent"),
        ({"place": 2, "percent": "10", "amount": "10"}, "percent"),
        ({"place": 2, "percent": "0"}, "percent"),
        ({"place": 2, "percent": "-5"}, "percent"),
        ({"place": 2, "percent": "5.1234567"}, "percent"),
        ({"place": 2, "percent": "NaN"}, "percent"),
        ({"place": 2, "percent": 5}, "percent"),
        ({"place": 2, "amount": "0.00"}, "amount"),
        ({"place": 2, "amount": "-5"}, "amount"),
        ({"place": 2, "amount": "1e3"}, "amount"),
        ({"place": 2, "amount": 5.5}, "amount"),
        ({"place": 2, "percent": "5", "prize": "5"}, "prize"),
        # More than the pool: alone, and with what the first place gets.
        ({"place": 2, "percent": "999"}, "percent"),
        ({"place": 2, "percent": "50.000001"}, "percent"),
        ({"from": 2, "to": 3, "percent": "25.000001"}, "percent"),
        ({"place": 2, "amount": "500.01"}, "amount"),
        # Places that are paid twice, or that leave a gap.
        ({"place": 1, "percent": "10"}, "place"),
        ({"place": 3, "percent": "10"}, "place"),
        ({"from": 3, "to": 4, "percent": "10"}, "from"),
    ],
)
def test_a_wrong_entry_is_named_with_its_field(entry: Entry, field: str) -> None:
    complaints = refusals([{"place": 1, "percent": "50"}, entry])

    assert [f"prizes[1].{field}"] == [complaint.partition(":")[0] for complaint in complaints]


def test_true_is_not_the_first_place() -> None:
    assert refusals([{"place": True, "percent": "10"}]) == [
        "prizes[0].place: must be a place from 1 to 10000"
    ]


def test_all_wrong_entries_are_named_at_once() -> None:
    complaints = refusals([{"place": 1}, "second", {"place": 3, "percent": "5", "x": 1, "y": 2}])

    assert complaints == [
        "prizes[0].percent: give either an amount or a percentage",
        "prizes[1]: must be an object with a place and a prize",
        "prizes[2].x: is not known here",
        "prizes[2].y: is not known here",
    ]


def test_an_overlap_names_both_entries() -> None:
    entries = [
        {"from": 1, "to": 5, "percent": "5"},
        {"place": 2, "percent": "5"},
        {"place": 4, "percent": "5"},
        {"place": 8, "percent": "5"},
    ]

    assert refusals(entries) == [
        "prizes[1].place: place 2 is already paid by prizes[0]",
        "prizes[2].place: place 4 is already paid by prizes[0]",
        "prizes[3].place: place 6 pays nothing, so place 8 cannot pay",
    ]


def test_as_many_places_as_may_be_paid_share_the_pool() -> None:
    table = PrizeTable.parse([{"from": 1, "to": 10_000, "percent": "0.01"}], pool_cents=12_345_678)

    assert (table.places, sum(split(12_345_678, table))) == (10_000, 12_345_678)


def prizes(amounts: list[int], cents: list[int], policy: TiePolicy) -> list[int]:
    ids = np.arange(1, len(amounts) + 1, dtype=np.int64)
    places = rank(np.array(amounts, np.int64), np.ones_like(ids), ids, policy=policy)
    awarded: list[int] = award(places.positions, ids, cents, policy).tolist()
    return awarded


@given(
    st.lists(st.integers(0, 4), max_size=30),
    st.lists(st.integers(0, 1000), max_size=12),
    st.sampled_from(POLICIES),
)
def test_no_more_is_awarded_than_the_filled_places_pay(
    amounts: list[int], cents: list[int], policy: TiePolicy
) -> None:
    awarded = prizes(amounts, cents, policy)

    ranked = sum(amount > 0 for amount in amounts)
    assert sum(cents[:ranked]) == sum(awarded)
    assert all(prize == 0 for prize, amount in zip(awarded, amounts, strict=True) if not amount)


@given(st.lists(st.integers(0, 4), max_size=30), st.lists(st.integers(0, 1000), max_size=12))
def test_those_who_share_a_place_get_the_same_but_for_one_odd_cent_in_favour_of_the_lower_ids(
    amounts: list[int], cents: list[int]
) -> None:
    awarded = prizes(amounts, cents, "shared")

    for amount in {*amounts} - {0}:
        tied = [prize for prize, held in zip(awarded, amounts, strict=True) if held == amount]
        better = sum(held > amount for held in amounts)
        each, odd = divmod(sum(cents[better : better + len(tied)]), len(tied))

        assert [each + 1] * odd + [each] * (len(tied) - odd) == tied


@given(
    st.lists(st.integers(0, 4), max_size=30),
    st.lists(st.integers(0, 1000), max_size=12),
    st.sampled_from(POLICIES),
    st.integers(0, 2**32),
)
def test_awards_do_not_depend_on_the_order_of_the_input(
    amounts: list[int], cents: list[int], policy: TiePolicy, seed: int
) -> None:
    expected = prizes(amounts, cents, policy)
    ids = list(range(1, len(amounts) + 1))
    Random(seed).shuffle(ids)
    shuffled = np.array(ids, np.int64)
    held = np.array([amounts[player - 1] for player in ids], np.int64)
    places = rank(held, np.ones_like(held), shuffled, policy=policy)

    awarded = award(places.positions, shuffled, cents, policy).tolist()

    assert expected == [awarded[ids.index(player)] for player in range(1, len(ids) + 1)]


def test_a_tie_over_the_last_paid_place_splits_only_what_is_paid() -> None:
    assert prizes([9, 5, 5, 5, 1], [100, 50], "shared") == [100, 17, 17, 16, 0]


def test_the_place_after_a_tie_gets_its_own_prize() -> None:
    assert prizes([9, 9, 5], [100, 50, 30], "shared") == [75, 75, 30]


def test_the_first_to_reach_takes_the_better_prize_whole() -> None:
    assert prizes([9, 9, 9], [100, 50], "first_to_reach") == [100, 50, 0]


@pytest.mark.parametrize(("positions", "policy"), [([1, 1], "first_to_reach"), ([1, 1, 2], "shared")])
def test_positions_that_would_pay_a_place_twice_are_refused(positions: list[int], policy: TiePolicy) -> None:
    with pytest.raises(ValueError, match="paid twice"):
        award(np.array(positions, np.int32), np.arange(len(positions)), [100, 50, 30], policy)
