"""Reading what the first system kept as text, or without a zone. Each raises `ValueError` with a sentence."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from goatedvips.kit.money import parse_cents, to_units
from goatedvips.legacy.rules.findings import quoted

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No site of this kind is older."""

# What JavaScript writes for a number, and PostgreSQL for a numeric.
_NUMBER = re.compile(r"-?\d{1,40}(\.\d{1,100})?([eE][+-]?\d{1,3})?", re.ASCII)


def instant(text: str, zone: ZoneInfo, *, latest: datetime | None = None) -> datetime:
    """Read a time without a zone as one of that zone's clock; UTC. Where it comes twice, the first counts."""
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    # PostgreSQL knows infinity, and years that Python does not.
    except (ValueError, OverflowError):
        raise ValueError(f"{quoted(text)} is no time") from None
    if moment < EARLIEST:
        raise ValueError(f"{quoted(text)} lies before the first system was there")
    if latest is not None and moment > latest:
        raise ValueError(f"{quoted(text)} is still to come")
    return moment


def units(text: str) -> int:
    """Read a wager, dollars, as units of 10⁻⁸ dollars: exactly what was written, rounded as a report's."""
    return to_units(_number(text))


def cents(text: str) -> int:
    """Read a prize, dollars, as cents; one that is not whole cents is none."""
    number = _number(text)
    # Bounds the zeros that are written out.
    if number.adjusted() > _MAX_EXPONENT:
        raise ValueError(f"{quoted(text)} is more than any prize")
    plain = f"{number:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    try:
        return parse_cents(plain)
    except ValueError:
        raise ValueError(f"{quoted(text)} is not an amount of dollars in whole cents") from None


_MAX_EXPONENT = 11


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{quoted(text)} is not a finite amount")
    return Decimal(text)
