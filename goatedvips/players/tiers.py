"""The seven tiers: what each asks for and gives. Thresholds, colours and benefits are the seed's."""

from dataclasses import dataclass
from enum import StrEnum

from goatedvips.kit.money import UNITS_PER_DOLLAR


class TierLevel(StrEnum):
    """The tiers' names, lowest first."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"
    DIAMOND = "diamond"
    MASTER = "master"
    LEGEND = "legend"


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier; `min_wager` is in whole dollars of `all_time`."""

    name: TierLevel
    min_wager: int
    color: str
    benefits: tuple[str, ...]

    @property
    def display_name(self) -> str:
        """The name as people read it."""
        return self.name.capitalize()

    @property
    def min_units(self) -> int:
        """The threshold in units of 10⁻⁸ dollars."""
        return self.min_wager * UNITS_PER_DOLLAR


TIERS = (
    Tier(TierLevel.BRONZE, 0, "#CD7F32", ("Access to basic platform features", "Entry to monthly races")),
    Tier(TierLevel.SILVER, 10_000, "#C0C0C0", ("Priority customer support", "Access to weekly promotions")),
    Tier(TierLevel.GOLD, 100_000, "#FFD700", ("Exclusive monthly bonuses", "Enhanced race rewards")),
    Tier(TierLevel.PLATINUM, 500_000, "#E5E4E2", ("VIP customer support", "Custom profile features")),
    Tier(TierLevel.DIAMOND, 1_000_000, "#B9F2FF", ("Priority verification", "Special event invitations")),
    Tier(
        TierLevel.MASTER, 5_000_000, "#FFFFFF", ("Exclusive platform features", "Custom race participation")
    ),
    Tier(TierLevel.LEGEND, 10_000_000, "#FF0000", ("Ultimate VIP treatment", "Highest tier privileges")),
)


def tier_of(all_time: int) -> Tier:
    """Return the highest tier that `all_time` units reach."""
    return next(tier for tier in reversed(TIERS) if all_time >= tier.min_units)


def next_tier(tier: Tier) -> Tier | None:
    """Return the tier above, or None for the highest."""
    above = TIERS.index(tier) + 1
    return TIERS[above] if above < len(TIERS) else None
