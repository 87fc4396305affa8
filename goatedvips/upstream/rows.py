"""One row of a report: read exactly, or refused with a sentence that says why."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from goatedvips.kit.money import MAX_UNITS, from_units
from goatedvips.kit.windows import PERIODS

MAX_UID = 64
"""Uids had 20 characters in every report ever seen; thrice that leaves room for a new kind."""
MAX_NAME = 128
"""Names had 5 to 42 characters, wallet addresses included."""

LARGEST = from_units(MAX_UNITS)
SMALLEST_POWER = -340
"""A double has no digits below 10⁻³⁴⁰: smaller numbers are no feed's amounts, and exact sums of them cost."""
LONGEST_NUMBER = 400
"""Characters of a number that are worth reading; a double never needs more than 30."""
HALF_CHARACTER = b"\\uffff"
"""What stands for half a surrogate pair, which no string may hold (`cut.mended` writes it)."""

_ZERO = Decimal(0)
_LEAST = Decimal(f"1E{SMALLEST_POWER}")
_BEYOND = Decimal("Infinity")
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\uffff]")
_KINDS = {ord('"'): "text", ord("{"): "an object", ord("["): "a list", ord("t"): "true", ord("f"): "false"}
_EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Referral:
    """A good row: one player and his four windows in exact dollars, all within `kit.money`'s bounds."""

    uid: str
    name: str
    today: Decimal
    this_week: Decimal
    this_month: Decimal
    all_time: Decimal


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not applied: whose it is (if it says), why, and how it begins (printable ASCII)."""

    uid: str | None
    reason: str
    excerpt: str


def number(text: str) -> Decimal:
    """Read a JSON number exactly; one that is absurdly long or large is `Infinity`, at no cost."""
    if len(text) > LONGEST_NUMBER:
        return _BEYOND
    try:
        return Decimal(text)
    except InvalidOperation:  # more than 10¹⁸ as an exponent
        return _BEYOND


class _Wagered(msgspec.Struct, gc=False):
    # Untyped, because a `Decimal` field would also take the strings "1" and "NaN".
    today: Any = None
    this_week: Any = None
    this_month: Any = None
    all_time: Any = None


class _Row(msgspec.Struct, gc=False):
    uid: str
    name: str
    wagered: _Wagered


class _Fields(msgspec.Struct):
    uid: msgspec.Raw = msgspec.Raw()
    name: msgspec.Raw = msgspec.Raw()
    wagered: msgspec.Raw = msgspec.Raw()


_ROW = msgspec.json.Decoder(_Row, float_hook=Decimal)  # for rows too short to hold a number that is too long
_LONG_ROW = msgspec.json.Decoder(_Row, float_hook=number)
_FIELDS = msgspec.json.Decoder(_Fields)
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidOperation)


def read_row(row: bytes) -> Referral | None:
    """Return a row that is good in every field, else `None`; `explain` then says what is wrong."""
    try:
        read = (_ROW if len(row) <= LONGEST_NUMBER else _LONG_ROW).decode(row)
    except _UNREADABLE:
        return None
    wagered = read.wagered
    today, this_week = _amount(wagered.today), _amount(wagered.this_week)
    this_month, all_time = _amount(wagered.this_month), _amount(wagered.all_time)
    if today is None or this_week is None or this_month is None or all_time is None:
        return None
    if _misfit(read.uid, longest=MAX_UID) or _misfit(read.name, longest=MAX_NAME):
        return None
    return Referral(read.uid, read.name, today, this_week, this_month, all_time)


def explain(row: bytes) -> Rejected:
    """Say what is wrong with a row that `read_row` does not take, field by field in the feed's order."""
    try:
        fields = _FIELDS.decode(row)
    except msgspec.ValidationError:
        return _rejected(row, None, f"The row is {_shown(row)}, not an object")
    except RecursionError:
        return _rejected(row, None, "The row is nested too deeply to be read")
    uid_fault = _text_fault(bytes(fields.uid), "uid", longest=MAX_UID)
    uid = None if uid_fault else _TEXT.decode(fields.uid)
    fault = (
        uid_fault
        or _text_fault(bytes(fields.name), "name", longest=MAX_NAME)
        or _wagered_fault(bytes(fields.wagered))
    )
    return _rejected(row, uid, fault or "The row cannot be read")


def reject(row: bytes, uid: str, reason: str) -> Rejected:
    """Refuse a row that is good by itself."""
    return _rejected(row, uid, reason)


def _rejected(row: bytes, uid: str | None, reason: str) -> Rejected:
    return Rejected(uid, f"{reason}.", _printable(row, longest=_EXCERPT))


def _amount(value: object) -> Decimal | None:
    """Return what came for a window as dollars, if it is a number that a player can have wagered."""
    if isinstance(value, Decimal):
        if _LEAST <= value <= LARGEST:
            return value
        return None if value else _ZERO  # whatever its sign and exponent
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    if value == 0:
        return _ZERO  # one for all: nine players in ten have it
    return Decimal(value) if 0 < value <= LARGEST else None


def _misfit(text: str, *, longest: int) -> str | None:
    """Say why a text cannot be a uid or a name: PostgreSQL takes no NUL, people no control characters."""
    if not text or text.isspace():
        return "is empty"
    if len(text) > longest:
        return f"has {len(text)} characters; {longest} are the most"
    if not text.isprintable() and (found := _UNFIT.search(text)):
        if found[0] == "\uffff":
            return "holds half a character (a lone surrogate)"
        return f"holds the control character U+{ord(found[0]):04X}"
    return None


def _text_fault(raw: bytes, field: str, *, longest: int) -> str | None:
    if not raw:
        return f"{field} is missing"
    if not raw.startswith(b'"'):
        return f"{field} is {_shown(raw)}, not text"
    try:
        text = _TEXT.decode(raw)
    except UnicodeDecodeError:
        return f"{field} is not UTF-8"
    misfit = _misfit(text, longest=longest)
    return f"{field} {misfit}" if misfit else None


def _wagered_fault(raw: bytes) -> str | None:
    if not raw:
        return "wagered is missing"
    if not raw.startswith(b"{"):
        return f"wagered is {_shown(raw)}, not an object"
    try:
        windows = _OBJECT.decode(raw)
    except (UnicodeDecodeError, RecursionError):
        return "wagered cannot be read"
    for window in PERIODS:
        if window not in windows:
            return f"wagered.{window} is missing"
        if fault := _number_fault(bytes(windows[window])):
            return f"wagered.{window} is {fault}"
    return None


def _number_fault(raw: bytes) -> str | None:
    if raw[0] not in b"-0123456789":
        return f"{_shown(raw)}, not a number"
    amount = number(raw.decode("ascii"))
    if _amount(amount) is not None:
        return None
    if amount < 0:
        return f"{_shown(raw)}, which is negative"
    return f"{_shown(raw)}, which is not an amount between 0 and {LARGEST} dollars"


def _shown(raw: bytes) -> str:
    """Name a JSON value as a sentence would: its kind, and for scalars its beginning."""
    text = _printable(raw, longest=40)
    if raw.startswith(b'"'):
        return f"the text {text}"
    return _KINDS.get(raw[0], text)


def _printable(raw: bytes, *, longest: int) -> str:
    text = raw[:longest].decode("ascii", "backslashreplace")
    shown = "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
    return f"{shown}…" if len(raw) > longest else shown
