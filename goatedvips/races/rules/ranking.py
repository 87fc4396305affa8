"""Who takes which place in a race."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from goatedvips.leaderboards.board import in_order

TiePolicy: TypeAlias = Literal["first_to_reach", "shared"]
"""Of equal amounts the earlier one, then the lower id goes first; or all take the best place: 1, 2, 2, 4."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The entries that rank.

    `order` are their indices, best first; `positions` is parallel to the input: from 1, or 0 if not ranked.
    """

    order: NDArray[np.int32]
    positions: NDArray[np.int32]

    @property
    def ranked(self) -> int:
        """How many entries rank."""
        return len(self.order)


def rank(
    amounts: NDArray[np.int64],
    reached: NDArray[np.int64],
    ids: NDArray[np.int64],
    *,
    policy: TiePolicy,
    min_wager: int = 0,
    excluded: NDArray[np.bool_] | None = None,
) -> Places:
    """Place the entries by amount, then by who reached it first (the lower run), then by id.

    Who wagered nothing is never ranked, nor who wagered less than `min_wager` units (exactly that much is
    enough), nor who is excluded. Shared places are listed in the same order, with equal positions.
    """
    counts = (amounts > 0) & (amounts >= min_wager)
    if excluded is not None:
        counts &= ~excluded
    eligible = np.flatnonzero(counts)
    order = in_order(eligible, amounts=amounts, reached=reached, ids=ids)
    places = np.arange(1, len(order) + 1, dtype=np.int32)
    if policy == "shared":
        held = amounts[order]
        follows = np.zeros(len(order), np.bool_)
        follows[1:] = held[1:] == held[:-1]
        # Who equals the entry above takes the place of the first who has that amount.
        places = np.maximum.accumulate(np.where(follows, np.int32(0), places))
    positions = np.zeros(len(amounts), np.int32)
    positions[order] = places
    order.flags.writeable = positions.flags.writeable = False
    return Places(order, positions)
