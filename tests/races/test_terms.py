"""Terms read at the door, and how two versions of them differ."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.kit.errors import BadInput
from goatedvips.races.rules.prizes import DEFAULT_TABLE, first_rise, split
from goatedvips.races.schemas import PrizeShare
from goatedvips.races.terms import as_told, differences, prize_table

amounts = st.integers(1, 300).map(lambda cents: {"amount": f"{cents // 100}.{cents % 100:02d}"})
percents = st.integers(1, 1200).map(lambda hundredths: {"percent": f"{hundredths / 100:.2f}"})


@given(
    st.integers(10_000, 10_000_000),
    st.lists(st.tuples(st.integers(1, 3), amounts | percents), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_winners_move_up_exactly_where_no_place_pays_more_than_a_better_one(
    pool: int, wanted: list[tuple[int, dict[str, str]]], order: Random
) -> None:
    shares, first = [], 1
    for places, prize in wanted:
        shares.append(PrizeShare.model_validate({"from": first, "to": first + places - 1} | prize))
        first += places
    order.shuffle(shares)
    try:
        table = prize_table(shares, pool_cents=pool, reject_policy="forfeit")
    except BadInput:
        return  # more than the pool
    cents = split(pool, table)

    falling = list(cents) == sorted(cents, reverse=True)
    rise = first_rise(pool, table)
    assert falling == (rise is None)
    if rise is None:
        assert table == prize_table(shares, pool_cents=pool, reject_policy="move_up")
        return
    with pytest.raises(BadInput, match=f"place {rise} is paid") as refused:
        prize_table(shares, pool_cents=pool, reject_policy="move_up")
    (error,) = refused.value.errors
    at = int(error.field.removeprefix("prizes[").removesuffix("]"))
    assert shares[at].first == rise


def test_the_default_table_lets_winners_move_up() -> None:
    assert all(first_rise(pool, DEFAULT_TABLE) is None for pool in range(1, 2000))
    assert prize_table(None, pool_cents=1, reject_policy="move_up") == DEFAULT_TABLE


def test_terms_are_told_without_a_float_and_in_one_zone() -> None:
    berlin = timezone(timedelta(hours=2))
    told = as_told(
        {
            "start_date": datetime(2026, 7, 1, 2, tzinfo=berlin),
            "prize_pool": 1_050,
            "min_wager": 250_000_000,
            "metadata": {"b": 0.5, "a": "ü"},
            "series_id": None,
            "version": 4,
        }
    )

    assert told == {
        "startDate": "2026-07-01T00:00:00Z",
        "prizePool": "10.50",
        "minWager": "2.50",
        "metadata": '{"a": "ü", "b": 0.5}',
    }


def test_only_what_differs_is_told() -> None:
    before = {
        "name": "Race",
        "end_date": datetime(2026, 7, 1, tzinfo=UTC),
        "prize_pool": 100,
        "timezone": "UTC",
    }
    after = before | {"end_date": datetime(2026, 7, 1, 0, 0, 0, 1, tzinfo=UTC), "type": "daily"}

    assert differences(before, after) == {
        "endDate": {"before": "2026-07-01T00:00:00Z", "after": "2026-07-01T00:00:00.000001Z"},
        "type": {"before": None, "after": "daily"},
    }
    assert differences(before, before) == {}
