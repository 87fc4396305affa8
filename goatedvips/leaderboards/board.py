"""One window's ranking as two arrays: who stands where, and where everybody stands.

A *slot* is a player's index in the keeper's arrays; slots are only ever appended. The order is
amount descending, then `reached` (the run at which the amount was reached; the lower was there
first), then id, so every place is distinct. Players who wagered nothing come last, by id, unranked.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Amounts: TypeAlias = NDArray[np.int64]
Slots: TypeAlias = NDArray[np.int32]
"""Half the bytes of an int64, and room for two billion players."""

OFF = -1
_NOBODY: NDArray[np.int64] = np.zeros(0, np.int64)
_REBUILD_AT = 0.2
"""The share of changed players above which sorting everybody beats merging (measured at a million)."""


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """All players in order for one window. Immutable: a change makes a new board.

    `order[place]` is a slot and `places[slot]` a place, from 0; the first `ranked` places wagered something.
    Slots that stand on no board are in no order, and their place is `OFF`.
    """

    order: Slots
    places: Slots
    ranked: int

    @classmethod
    def build(
        cls, amounts: Amounts, reached: Amounts, ids: Amounts, *, off: NDArray[np.integer] = _NOBODY
    ) -> "Board":
        """Sort everybody but the slots named in `off`. The arrays are indexed by slot and are only read."""
        shown = np.ones(len(amounts), np.bool_)
        shown[off] = False
        ranked = in_order(np.flatnonzero((amounts > 0) & shown), amounts=amounts, reached=reached, ids=ids)
        unranked = _by_id(np.flatnonzero((amounts <= 0) & shown), ids)
        return cls._of(np.concatenate((ranked, unranked)), len(ranked), slots=len(amounts))

    def merged(
        self,
        changed: NDArray[np.integer],
        amounts: Amounts,
        reached: Amounts,
        ids: Amounts,
        *,
        off: NDArray[np.integer] = _NOBODY,
    ) -> "Board":
        """Return the board that `build` would make, by moving only the slots named in `changed`.

        The arrays are the new ones, indexed by slot; slots beyond this board's need not be named.
        Every older slot whose amount, reached or id differs must be. `off` are those of this board.
        """
        moves = np.zeros(len(amounts), np.bool_)
        moves[changed] = True
        moves[len(self.places) :] = True
        moves[off] = False
        moved = np.flatnonzero(moves)
        if not len(moved) and len(amounts) == len(self.places):
            return self
        if len(moved) > len(amounts) * _REBUILD_AT:
            return Board.build(amounts, reached, ids, off=off)

        stays = ~moves[self.order]
        kept = self.order[stays]
        kept_ranked = int(np.count_nonzero(stays[: self.ranked]))
        still, nothing = kept[:kept_ranked], kept[kept_ranked:]
        risen = in_order(moved[amounts[moved] > 0], amounts=amounts, reached=reached, ids=ids)
        fallen = _by_id(moved[amounts[moved] <= 0], ids)
        ranked = _inserted(
            still, risen, _places_among(still, risen, amounts=amounts, reached=reached, ids=ids)
        )
        unranked = _inserted(nothing, fallen, np.searchsorted(ids[nothing], ids[fallen]))
        return Board._of(np.concatenate((ranked, unranked)), len(ranked), slots=len(amounts))

    def rank(self, slot: int) -> int | None:
        """Return a player's place, from 1; None if he wagered nothing or stands on no board."""
        place = self._place(slot)
        return place + 1 if OFF < place < self.ranked else None

    def slots(self, offset: int, limit: int) -> Slots:
        """Return up to `limit` slots in order, past the first `offset`, ranked or not; a view."""
        return self.order[offset : offset + limit]

    def around(self, slot: int, radius: int) -> tuple[int, Slots]:
        """Return a player with up to `radius` neighbours on either side, and how many come before them."""
        place = self._place(slot)
        offset = max(0, place - radius)
        return offset, self.order[offset : place + radius + 1]

    def __len__(self) -> int:
        return len(self.order)

    def _place(self, slot: int) -> int:
        # numpy would count a negative index from the end and answer for somebody else.
        if slot < 0:
            raise IndexError(f"{slot} is not a slot")
        return self.places.item(slot)

    @classmethod
    def _of(cls, order: Slots, ranked: int, *, slots: int) -> "Board":
        places = np.full(slots, OFF, np.int32)
        places[order] = np.arange(len(order), dtype=np.int32)
        # Pages are views: whoever would write into one would change what everybody reads.
        order.flags.writeable = places.flags.writeable = False
        return cls(order, places, ranked)


def in_order(slots: NDArray[np.integer], *, amounts: Amounts, reached: Amounts, ids: Amounts) -> Slots:
    """Sort some slots: amount descending, then who reached it first, then id."""
    keys = -amounts[slots]
    by_amount = np.argsort(keys)
    order = slots[by_amount].astype(np.int32)
    # Sorting by the amount alone is three times as fast; only equal amounts are looked at again.
    keys = keys[by_amount]
    same = keys[1:] == keys[:-1]
    if same.any():
        tied = np.zeros(len(order), np.bool_)
        tied[1:] = same
        tied[:-1] |= same
        again = order[tied]
        order[tied] = again[np.lexsort((ids[again], reached[again], keys[tied]))]
    return order


def _by_id(slots: NDArray[np.integer], ids: Amounts) -> Slots:
    # Ids grow as slots do, so this is nearly always sorted: a stable sort sees that in one pass.
    return slots[np.argsort(ids[slots], kind="stable")].astype(np.int32)


def _places_among(
    kept: Slots, moved: Slots, *, amounts: Amounts, reached: Amounts, ids: Amounts
) -> NDArray[np.intp]:
    """Return before which of `kept` each of `moved` belongs; both are in order."""
    keys, wanted = -amounts[kept], -amounts[moved]
    low = np.searchsorted(keys, wanted, side="left")
    high = np.searchsorted(keys, wanted, side="right")
    # Those who meet an equal amount search on among its holders, all of them at once.
    open_ = np.flatnonzero(low < high)
    while len(open_):
        middle = (low[open_] + high[open_]) // 2
        held, comer = kept[middle], moved[open_]
        earlier = (reached[held] < reached[comer]) | (
            (reached[held] == reached[comer]) & (ids[held] < ids[comer])
        )
        low[open_] = np.where(earlier, middle + 1, low[open_])
        high[open_] = np.where(earlier, high[open_], middle)
        open_ = open_[low[open_] < high[open_]]
    return low


def _inserted(kept: Slots, moved: Slots, before: NDArray[np.intp]) -> Slots:
    at = before + np.arange(len(moved))
    stays = np.ones(len(kept) + len(moved), np.bool_)
    stays[at] = False
    together = np.empty(len(stays), np.int32)
    together[at] = moved
    together[stays] = kept
    return together
