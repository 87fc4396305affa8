"""The shortest way from one version of a page to the next.

A page is a list of rows in order. What follows from a row's place (its number, its
prize) is not sent again when only the place changed, because the client can work it out:

1. drop the rows named in `removed` and those in `changed`; the others keep their order;
2. put each row of `changed`, in the order given, at index `place - 1`, or behind the rows
   of `changed` with the same place (ties travel together); rows without a place go last;
3. number the rows that were kept: place = index + 1, and the prize of that place from the
   new metadata. Where ties share places, kept rows are right as they are.

`apply_delta` is that rule in code, the reference for every client. A delta is made only
if applying it gives the new page exactly; otherwise there is none and the page goes whole.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

Row = TypeVar("Row")
WireRow: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delta(Generic[Row]):
    """Rows that are new or not what they were, in page order, and the keys of those that left."""

    changed: list[Row]
    removed: list[str]


@dataclass(frozen=True, slots=True)
class Shape(Generic[Row]):
    """How to read a row: who it is, its place, whether the rest is the same, and itself at another place."""

    key: Callable[[Row], str]
    place: Callable[[Row], int | None]
    same: Callable[[Row, Row], bool]
    at_place: Callable[[Row, int], Row]


def delta_between(old: Sequence[Row], new: Sequence[Row], shape: Shape[Row]) -> Delta[Row] | None:
    """Return what leads from `old` to `new`, or None if nothing exact and shorter than the page does."""
    before = {shape.key(row): row for row in old}
    keys = [shape.key(row) for row in new]
    fresh = [
        key not in before or not shape.same(before[key], row) for key, row in zip(keys, new, strict=True)
    ]
    # Where several rows share a place it does not tell their order, so they travel together.
    touched = {shape.place(row) for row, is_fresh in zip(new, fresh, strict=True) if is_fresh}
    changed = [row for row in new if shape.place(row) in touched]
    if new and len(changed) == len(new):
        return None
    delta = Delta(changed, sorted(before.keys() - set(keys)))
    try:
        return delta if apply_delta(old, delta, shape) == list(new) else None
    except ValueError:
        return None


def apply_delta(old: Sequence[Row], delta: Delta[Row], shape: Shape[Row]) -> list[Row]:
    """Return the new page; raise `ValueError` if the delta does not belong to this page."""
    gone = {*delta.removed, *map(shape.key, delta.changed)}
    kept = [row for row in old if shape.key(row) not in gone]
    placed: dict[int, Row] = {}
    last: list[Row] = []
    ties: Counter[int] = Counter()
    for row in delta.changed:
        place = shape.place(row)
        if place is None:
            last.append(row)
            continue
        placed[place - 1 + ties[place]] = row
        ties[place] += 1
    total = len(placed) + len(kept)
    if any(not 0 <= index < total for index in placed) or len(placed) + len(last) != len(delta.changed):
        raise ValueError("The delta puts rows where this page has no place for them.")
    rest = iter(kept)
    page = [placed[i] if i in placed else shape.at_place(next(rest), i + 1) for i in range(total)]
    return page + last


def race_shape(prizes: Mapping[int, Any], *, shared: bool) -> Shape[WireRow]:
    """Read rows `{goatedId, userId, username, wagered, position, prize}`; `prizes` are the new ones."""

    def at_place(row: WireRow, place: int) -> WireRow:
        return row if shared else {**row, "position": place, "prize": prizes.get(place, 0)}

    derived = () if shared else ("position", "prize")
    return Shape(lambda row: row["goatedId"], lambda row: row["position"], _same_but_for(derived), at_place)


def leaderboard_shape() -> Shape[WireRow]:
    """Read rows `{uid, …, rank}`, where rank is null for those who wagered nothing."""

    def at_place(row: WireRow, place: int) -> WireRow:
        return row if row["rank"] is None else {**row, "rank": place}

    return Shape(lambda row: row["uid"], lambda row: row["rank"], _same_but_for(("rank",)), at_place)


def _same_but_for(derived: Sequence[str]) -> Callable[[WireRow, WireRow], bool]:
    blank = dict.fromkeys(derived)
    return lambda one, other: {**one, **blank} == {**other, **blank}


def race_delta(
    old: Sequence[WireRow], new: Sequence[WireRow], *, prizes: Mapping[int, Any], shared: bool = False
) -> Delta[WireRow] | None:
    """Compare two race pages whose first row is place 1."""
    return delta_between(old, new, race_shape(prizes, shared=shared))


def apply_race_delta(
    old: Sequence[WireRow], delta: Delta[WireRow], *, prizes: Mapping[int, Any], shared: bool = False
) -> list[WireRow]:
    """Return the race page that a delta leads to."""
    return apply_delta(old, delta, race_shape(prizes, shared=shared))


def leaderboard_delta(old: Sequence[WireRow], new: Sequence[WireRow]) -> Delta[WireRow] | None:
    """Compare two leaderboard pages whose first row is rank 1."""
    return delta_between(old, new, leaderboard_shape())


def apply_leaderboard_delta(old: Sequence[WireRow], delta: Delta[WireRow]) -> list[WireRow]:
    """Return the leaderboard page that a delta leads to."""
    return apply_delta(old, delta, leaderboard_shape())
