from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.kit.money import MAX_UNITS, UNITS_PER_DOLLAR
from goatedvips.players.service import progress
from goatedvips.players.tiers import TIERS, TierLevel, next_tier, tier_of

AMOUNTS = st.one_of(
    st.integers(0, MAX_UNITS),
    st.builds(
        lambda tier, beside: max(0, tier.min_units + beside), st.sampled_from(TIERS), st.integers(-2, 2)
    ),
)


@pytest.mark.parametrize(
    ("dollars", "name"),
    [
        (0, TierLevel.BRONZE),
        (10_000, TierLevel.SILVER),
        (100_000, TierLevel.GOLD),
        (500_000, TierLevel.PLATINUM),
        (1_000_000, TierLevel.DIAMOND),
        (5_000_000, TierLevel.MASTER),
        (10_000_000, TierLevel.LEGEND),
    ],
)
def test_a_tier_begins_exactly_at_its_threshold(dollars: int, name: TierLevel) -> None:
    units = dollars * UNITS_PER_DOLLAR

    assert tier_of(units).name == name
    assert dollars == 0 or tier_of(units - 1).name != name


@given(AMOUNTS)
def test_a_player_is_in_the_highest_tier_that_his_wagers_reach(units: int) -> None:
    tier = tier_of(units)
    above = next_tier(tier)

    assert tier.min_units <= units
    assert above is None or units < above.min_units


@given(AMOUNTS)
def test_progress_and_what_is_missing_tell_the_same(units: int) -> None:
    told = progress(units)

    assert 0 <= told.progress <= 1
    if told.next is None:
        assert told.name == TierLevel.LEGEND
        assert told.progress == 1
    else:
        assert told.next.missing > 0
        assert Decimal(units).scaleb(-8) + told.next.missing == told.next.min_wager
