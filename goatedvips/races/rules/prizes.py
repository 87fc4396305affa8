"""What each place of a race is paid, to the cent.

A table says what places get: one place or each place of a range, an amount or a percentage of the pool.
**A percentage of a range is per place**: from 4 to 6, 5 %, pays 5 % three times. A table is checked when it
is written, so that neither splitting nor awarding it can pay more than the pool.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from goatedvips.kit.errors import BadInput, FieldError
from goatedvips.kit.money import format_cents, parse_cents
from goatedvips.races.rules.ranking import TiePolicy

MAX_PLACES = 10_000
DEFAULT_PERCENTAGES = tuple(map(Decimal, ("42.5", "20", "15", "7.5", "6", "4", "2.75", "2.25")))

_DIGITS = 6
"""The decimals of the finest percentage that can be written."""
_WHOLE: int = 100 * 10**_DIGITS
"""All of the pool, in the unit of that finest percentage."""
_PERCENT = re.compile(r"\d{1,3}(\.\d{1,6})?", re.ASCII)
_FIELDS = frozenset({"place", "from", "to", "amount", "percent"})


@dataclass(frozen=True, slots=True)
class Share:
    """What each place from `first` to `last` gets: an amount in cents, or a percentage of the pool."""

    first: int
    last: int
    prize: int | Decimal

    @property
    def places(self) -> int:
        """How many places it pays."""
        return self.last - self.first + 1

    def quota(self, pool_cents: int) -> int:
        """Return what one place gets before rounding: exact, in `_WHOLE`ths of a cent."""
        if isinstance(self.prize, Decimal):
            return pool_cents * int(self.prize.scaleb(_DIGITS))
        return self.prize * _WHOLE

    def to_json(self) -> dict[str, int | str]:
        """Write it in the wire's shape. Money and percentages are text: no reader makes floats of them."""
        prize = (
            {"percent": f"{self.prize:f}"}
            if isinstance(self.prize, Decimal)
            else {"amount": format_cents(self.prize)}
        )
        return (
            {"from": self.first, "to": self.last, **prize}
            if self.places > 1
            else {"place": self.first, **prize}
        )


@dataclass(frozen=True, slots=True)
class PrizeTable:
    """Shares in the order of their places, which go on from 1 without a gap or an overlap."""

    shares: tuple[Share, ...]

    @classmethod
    def parse(cls, entries: object, *, pool_cents: int) -> "PrizeTable":
        """Read a table at the door, for this pool; raise `BadInput` that names every entry that is wrong."""
        if pool_cents <= 0:
            raise BadInput.field("prizePool", "must be more than 0")
        shares = _read(entries)
        left = pool_cents * _WHOLE
        for index, share in enumerate(shares):
            left -= share.places * share.quota(pool_cents)
            if left < 0:
                field = "percent" if isinstance(share.prize, Decimal) else "amount"
                raise BadInput.field(
                    f"prizes[{index}].{field}", "with this the table pays more than the pool"
                )
        return cls._in_order(shares)

    @classmethod
    def from_shares(cls, entries: object) -> "PrizeTable":
        """Read a table that was parsed before, as `to_json` wrote it; its pool is not asked for again."""
        return cls._in_order(_read(entries))

    @classmethod
    def _in_order(cls, shares: list[Share]) -> "PrizeTable":
        return cls(tuple(sorted(shares, key=lambda share: share.first)))

    @property
    def places(self) -> int:
        """How many places are paid."""
        return self.shares[-1].last

    def to_json(self) -> list[dict[str, int | str]]:
        """Write the table for a jsonb column, in the wire's shape."""
        return [share.to_json() for share in self.shares]


DEFAULT_TABLE = PrizeTable(
    tuple(Share(place, place, percent) for place, percent in enumerate(DEFAULT_PERCENTAGES, start=1))
)


def split(pool_cents: int, table: PrizeTable) -> tuple[int, ...]:
    """Return the cents of each place, by largest remainder.

    Percentages of 100 in all pay the pool to the cent. A worse place is never paid more than a better one,
    unless the table says so: equal remainders go to the better place. Raises `ValueError` if the table
    was made for a larger pool.
    """
    quotas = [share.quota(pool_cents) for share in table.shares for _ in range(share.places)]
    if sum(quotas) > pool_cents * _WHOLE:
        raise ValueError("the table pays more than the pool")
    cents = [quota // _WHOLE for quota in quotas]
    spare = sum(quotas) // _WHOLE - sum(cents)
    # Sorting is stable, so the better of two places with equal remainders comes first.
    for place in sorted(range(len(quotas)), key=lambda place: -(quotas[place] % _WHOLE))[:spare]:
        cents[place] += 1
    return tuple(cents)


def first_rise(pool_cents: int, table: PrizeTable) -> int | None:
    """Return the first place that is paid more than the one before it, or None."""
    cents = split(pool_cents, table)
    return next((place for place in range(2, len(cents) + 1) if cents[place - 1] > cents[place - 2]), None)


def award(
    positions: NDArray[np.int32], ids: NDArray[np.int64], places_cents: Sequence[int], policy: TiePolicy
) -> NDArray[np.int64]:
    """Return what each entry is owed in cents, parallel to its position; position 0 is not ranked.

    Under `shared` those who hold one position split the prizes of all the places they fill, unpaid ones
    included; cents that do not divide go to the lowest ids. A place that nobody holds is not paid. Raises
    `ValueError` for positions that `ranking.rank` cannot have made, since they would pay a place twice.
    """
    entries = np.flatnonzero((positions > 0) & (positions <= len(places_cents)))
    entries = entries[np.lexsort((ids[entries], positions[entries]))]
    held, begins, holders = np.unique(positions[entries], return_index=True, return_counts=True)
    after = held + holders
    if (policy == "first_to_reach" and (holders > 1).any()) or (after[:-1] > held[1:]).any():
        raise ValueError("a place would be paid twice")

    paid_before = np.concatenate(([0], np.cumsum(places_cents, dtype=np.int64)))
    pooled = paid_before[np.minimum(after - 1, len(places_cents))] - paid_before[held - 1]
    each, odd = np.divmod(pooled, holders)
    nth = np.arange(len(entries)) - np.repeat(begins, holders)
    prizes = np.zeros(len(positions), np.int64)
    prizes[entries] = np.repeat(each, holders) + (nth < np.repeat(odd, holders))
    return prizes


def _read(entries: object) -> list[Share]:
    """Read every entry, and see that together they pay each place from 1 on once."""
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        raise BadInput.field("prizes", "must be a list that pays at least one place")
    shares: list[Share] = []
    errors: list[FieldError] = []
    for index, entry in enumerate(entries):
        try:
            shares.append(_share(entry, f"prizes[{index}]"))
        except BadInput as bad:
            errors += bad.errors
    if errors := errors or _place_errors(shares):
        raise BadInput(errors)
    return shares


def _place_errors(shares: list[Share]) -> list[FieldError]:
    errors: list[FieldError] = []
    last, holder = 0, -1
    for index, share in sorted(enumerate(shares), key=lambda pair: pair[1].first):
        field = f"prizes[{index}].{'from' if share.places > 1 else 'place'}"
        if share.first <= last:
            errors.append(FieldError(field, f"place {share.first} is already paid by prizes[{holder}]"))
        elif share.first > last + 1:
            message = f"place {last + 1} pays nothing, so place {share.first} cannot pay"
            errors.append(FieldError(field, message))
        if share.last > last:
            last, holder = share.last, index
    return errors


def _share(entry: object, at: str) -> Share:
    if not isinstance(entry, Mapping):
        raise BadInput.field(at, "must be an object with a place and a prize")
    given = {field: value for field, value in entry.items() if value is not None}
    if unknown := [field for field in given if field not in _FIELDS]:
        raise BadInput([FieldError(f"{at}.{field}", "is not known here") for field in unknown])
    return Share(*_range(given, at), _prize(given, at))


def _range(given: Mapping[str, object], at: str) -> tuple[int, int]:
    if "from" not in given and "to" not in given:
        place = _place(given, "place", at)
        return place, place
    if "place" in given:
        raise BadInput.field(f"{at}.place", "give either a place or a range from and to")
    first, last = _place(given, "from", at), _place(given, "to", at)
    if last < first:
        raise BadInput.field(f"{at}.to", f"must not come before place {first}")
    return first, last


def _place(given: Mapping[str, object], field: str, at: str) -> int:
    place = given.get(field)
    # True is an int to Python.
    if not isinstance(place, int) or isinstance(place, bool) or not 1 <= place <= MAX_PLACES:
        raise BadInput.field(f"{at}.{field}", f"must be a place from 1 to {MAX_PLACES}")
    return place


def _prize(given: Mapping[str, object], at: str) -> int | Decimal:
    if ("amount" in given) == ("percent" in given):
        raise BadInput.field(f"{at}.percent", "give either an amount or a percentage")
    read: Callable[[str], int | Decimal]
    field, read, like = (
        ("amount", parse_cents, "99.50") if "amount" in given else ("percent", _percent, "42.5")
    )
    text = given[field]
    if isinstance(text, str):
        with suppress(ValueError):
            if prize := read(text):
                return prize
    raise BadInput.field(f"{at}.{field}", f'must be text like "{like}", more than 0')


def _percent(text: str) -> Decimal:
    if not _PERCENT.fullmatch(text):
        raise ValueError(f"{text!r} is not a percentage like 42.5")
    return Decimal(text)
