"""Money without floats.

Prizes are integer cents. Wagers are integer *units* of 10⁻⁸ dollars: what the
feed writes beyond eight decimals is float noise of its own making, and the
kept report still has it. Both fit a PostgreSQL `bigint`.
"""

import re
from decimal import ROUND_HALF_EVEN, Decimal

UNITS_PER_DOLLAR = 100_000_000
CENTS_PER_DOLLAR = 100
MAX_UNITS = 2**63 - 1
"""The largest wager that can be held: 92,233,720,368.54775807 dollars."""

_MAX_EXPONENT = 11
"""The power of ten of `MAX_UNITS` in dollars, with one to spare: bounds the work on 1e999999."""
_UNIT = Decimal("0.00000001")
_MONEY = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)


def to_units(dollars: Decimal) -> int:
    """Round dollars half-even to units; raise `ValueError` beyond `MAX_UNITS`, below 0 or if not finite."""
    if not dollars.is_finite():
        raise ValueError(f"{dollars} is not a finite amount")
    if dollars < 0:
        raise ValueError(f"{dollars} is negative")
    if dollars.adjusted() > _MAX_EXPONENT:
        raise ValueError(f"{dollars} is more than any player can have wagered")
    units = int(dollars.quantize(_UNIT, rounding=ROUND_HALF_EVEN).scaleb(8))
    if units > MAX_UNITS:
        raise ValueError(f"{dollars} is more than any player can have wagered")
    return units


def from_units(units: int) -> Decimal:
    """Return units as exact dollars."""
    return Decimal(units).scaleb(-8)


def units_to_json(units: int) -> str:
    """Write units as a JSON number of dollars, exact, without trailing zeros: `1783000000` is `17.83`."""
    whole, rest = divmod(units, UNITS_PER_DOLLAR)
    return f"{whole}.{rest:08d}".rstrip("0") if rest else str(whole)


def parse_cents(money: str) -> int:
    r"""Read `^\d{1,12}(\.\d{1,2})?$` as cents; raise `ValueError` for anything else."""
    if not _MONEY.fullmatch(money):
        raise ValueError(f"{money!r} is not an amount of dollars like 1500 or 99.50")
    dollars, _, cents = money.partition(".")
    return int(dollars) * CENTS_PER_DOLLAR + int(cents.ljust(2, "0") or "0")


def format_cents(cents: int) -> str:
    """Write cents as dollars with two decimals: `150000` is `1500.00`."""
    sign = "-" if cents < 0 else ""
    dollars, rest = divmod(abs(cents), CENTS_PER_DOLLAR)
    return f"{sign}{dollars}.{rest:02d}"
