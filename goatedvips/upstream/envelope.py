"""What stands around the rows of a report: the shapes the feed has been seen in, and its own sums."""

from dataclasses import dataclass
from decimal import Decimal

import msgspec

from goatedvips.kit.windows import PERIODS
from goatedvips.upstream.errors import UnreadableReport
from goatedvips.upstream.rows import SMALLEST_POWER, number

_NO_VALUE = msgspec.Raw()
_LARGEST_POWER = 30
"""No sum of any feed has more digits; beyond it lies the work of 1e999999999."""
_KEYS_SHOWN = 20
_DIGITS = frozenset(bytes([digit]) for digit in b"-0123456789")


@dataclass(frozen=True, slots=True)
class Envelope:
    """The rows as they stand in the body, undecoded, and the top-level sums."""

    rows: list[msgspec.Raw]
    claimed: dict[str, Decimal]


class _Outer(msgspec.Struct):
    success: msgspec.Raw = _NO_VALUE
    data: msgspec.Raw = _NO_VALUE
    results: msgspec.Raw = _NO_VALUE
    users: msgspec.Raw = _NO_VALUE
    today: msgspec.Raw = _NO_VALUE
    this_week: msgspec.Raw = _NO_VALUE
    this_month: msgspec.Raw = _NO_VALUE
    all_time: msgspec.Raw = _NO_VALUE


_OUTER = msgspec.json.Decoder(_Outer)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def open_envelope(body: bytes) -> Envelope:
    """Find the rows in any accepted shape; raise `UnreadableReport` with what came instead.

    Accepted are `{"data": […]}`, `{"data": {"data": […]}}`, `{"results": […]}`,
    `{"users": […]}` and a bare list. Where a key is written twice the last one
    counts, as in every JSON reader.
    """
    first = body[:64].lstrip()[:1]
    if not first and not body.strip():
        raise UnreadableReport("The feed answered with an empty body.")
    if first == b"<":
        raise UnreadableReport(f"The feed answered with HTML, not JSON: {_beginning(body)}")
    try:
        return Envelope(_LIST.decode(body), {}) if first == b"[" else _opened(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableReport(
            f"The report is not whole JSON ({error}); its {len(body):,} bytes begin {_beginning(body)}"
        ) from None
    except RecursionError:
        raise UnreadableReport("The report is nested too deeply to be one.") from None


def _opened(body: bytes) -> Envelope:
    outer = _OUTER.decode(body)
    inner = _OUTER.decode(outer.data) if _starts(outer.data, b"{") else _Outer()
    for level in (outer, inner):
        if bytes(level.success) == b"false":
            raise UnreadableReport("The feed answered with success: false.")
    for rows in (outer.data, inner.data, outer.results, outer.users):
        if _starts(rows, b"["):
            return Envelope(_LIST.decode(rows), _sums(inner) | _sums(outer))
    keys = [repr(key[:40]) for key in _KEYS.decode(body)]
    more = ", …" if len(keys) > _KEYS_SHOWN else ""
    raise UnreadableReport(
        f"The report has no list of players; its keys are: {', '.join(keys[:_KEYS_SHOWN]) or 'none'}{more}."
    )


def _starts(raw: msgspec.Raw, opening: bytes) -> bool:
    return bytes(memoryview(raw)[:1]) == opening


def _sums(level: _Outer) -> dict[str, Decimal]:
    """Read the sums that are numbers; `null` and the like claim nothing."""
    sums = {}
    for window in PERIODS:
        raw: msgspec.Raw = getattr(level, window)
        if memoryview(raw)[:1].tobytes() in _DIGITS:
            sums[window.value] = _sum(window, bytes(raw))
    return sums


def _sum(window: str, raw: bytes) -> Decimal:
    value = number(raw.decode("ascii"))
    if not value:
        return Decimal(0)
    if not SMALLEST_POWER <= value.adjusted() <= _LARGEST_POWER or value.is_infinite():
        raise UnreadableReport(f"The report's own {window} is {raw[:40].decode('ascii')}, which is no sum.")
    return value


def _beginning(body: bytes) -> str:
    return repr(body[:80].decode("ascii", "backslashreplace"))
