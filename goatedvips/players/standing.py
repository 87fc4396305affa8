"""Where a player stands now: told by whoever keeps the boards, so that players need not know boards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from goatedvips.kit.windows import Period


@dataclass(frozen=True, slots=True)
class Standing:
    """A player's amounts (units of 10⁻⁸ dollars) and ranks (None for an amount of 0)."""

    amounts: Mapping[Period, int]
    ranks: Mapping[Period, int | None]
    updated_at: datetime
    kept_tier: int = 0
    """The tier he reached before the feed took him below it; 0 if it did not."""


@dataclass(frozen=True, slots=True)
class TrueFor:
    """What standings are true for."""

    as_of: datetime | None
    version: int
    marks: list[dict[str, Any]]


class Standings(Protocol):
    """Who knows where players stand."""

    def of(self, player_id: int) -> Standing | None:
        """Return a player's standing."""
        ...

    def players_per_tier(self) -> list[int]:
        """Count the players of each tier, lowest first."""
        ...

    def true_for(self) -> TrueFor:
        """Say what both are true for."""
        ...


class RacesWon(Protocol):
    """Who knows how many races a player won."""

    async def __call__(self, player_id: int) -> int:
        """Return how many completed races a player won."""
        ...
