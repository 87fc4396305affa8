"""Take a report apart into rows without decoding the rows that the last report had, byte for byte.

Why a cut is safe. `},{"uid":"` cannot occur inside a JSON string, for a quote
in a string is escaped. It can occur in the wrong place all the same (a nested
object, a second list), so a cut is only believed when *every* part is JSON by
itself: each piece, wrapped again, one whole object, and what stands around the
rows a whole report once one marker takes their place. JSON's grammar gives a
text one reading only, so parts that fit together this way are that reading.
Whatever does not fit is decoded whole instead, with the same result.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import compress, repeat
from operator import ne, not_

import msgspec

from goatedvips.upstream.envelope import Envelope, open_envelope
from goatedvips.upstream.errors import UnreadableReport
from goatedvips.upstream.rows import HALF_CHARACTER

OPENING = b'{"uid":"'
CLOSING = b"}"
_BOUNDARY = CLOSING + b"," + OPENING
_FIRST = b"[" + OPENING
_LAST = CLOSING + b"]"
_MARKER = b'"here the rows stood"'

MAX_BRACKETS = 200
"""A good row has two, and a few hundred characters of text; beyond this the decoder's own limit of
depth could matter, which is not the same for a piece as for the whole."""

_ANY = msgspec.json.Decoder(msgspec.Raw)
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a pair
    rb"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"  # half of one
    rb"|\\.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of a body.

    A row that begins with `{"uid":"` is kept as a *piece*, without that
    opening and without its last brace; any other row is *loose* and whole.
    """

    claimed: dict[str, Decimal]
    pieces: list[bytes]
    loose: list[bytes]
    fresh: list[int]
    """Which pieces are not in the last report (or once more than there)."""
    stale: list[bytes]
    """The pieces of the last report that are not in this one."""


def wrapped(piece: bytes) -> bytes:
    """Make a piece a row again."""
    return b"".join((OPENING, piece, CLOSING))


def is_tangled(row: bytes) -> bool:
    """Tell whether a row may be nested so deep that it is not safe to read it by itself."""
    return row.count(b"{") + row.count(b"[") > MAX_BRACKETS


def mended(body: bytes) -> bytes:
    r"""Drop a byte-order mark, and mark lone surrogates (`\ud800`) as the half characters they are.

    One player who puts one into his name must cost us his row, not the report.
    """
    body = body.removeprefix(b"\xef\xbb\xbf")
    if b"\\" in body and (b"\\ud" in body or b"\\uD" in body):
        return _ESCAPE.sub(lambda found: HALF_CHARACTER if found[1] else found[0], body)
    return body


def cut(body: bytes, known: list[bytes]) -> Listing | None:
    """Cut a body at its row boundaries; `None` if that is not certain to be right.

    `known` are pieces of the last report that were each read as one good row.
    """
    pieces = body.split(_BOUNDARY)
    head, start, pieces[0] = pieces[0].partition(_FIRST)
    pieces[-1], end, tail = pieces[-1].partition(_LAST)
    if not (start and end):
        return None
    envelope = _around(head + b"[", b"]" + tail)
    if envelope is None:
        return None
    fresh, stale = difference(pieces, known)
    if not all(_is_whole(pieces[at]) for at in fresh):
        return None
    return Listing(envelope.claimed, pieces, [], fresh, stale)


def decode(body: bytes, known: list[bytes]) -> Listing:
    """Take a body apart by decoding all of it; raise `UnreadableReport` where that fails."""
    envelope = open_envelope(body)
    pieces, loose = [], []
    for raw in envelope.rows:
        row = bytes(raw)
        if row.startswith(OPENING):
            pieces.append(row[len(OPENING) : -len(CLOSING)])
        else:
            loose.append(row)
    fresh, stale = difference(pieces, known)
    return Listing(envelope.claimed, pieces, loose, fresh, stale)


def difference(pieces: list[bytes], known: list[bytes]) -> tuple[list[int], list[bytes]]:
    """Return where `pieces` are not in `known`, and what of `known` is not in `pieces`.

    `known` holds no piece twice; of a piece that stands twice in `pieces` one is fresh.
    """
    shared = min(len(pieces), len(known))
    # Most reports keep most rows in place: one comparison in place spares the hash of them all.
    moved = list(compress(range(shared), map(ne, pieces, known)))
    left = dict.fromkeys([known[at] for at in moved], True)
    left.update(dict.fromkeys(known[shared:], True))
    moved.extend(range(shared, len(pieces)))
    was_known = list(map(left.pop, [pieces[at] for at in moved], repeat(False)))
    return list(compress(moved, map(not_, was_known))), list(left)


def _around(head: bytes, tail: bytes) -> Envelope | None:
    if _MARKER in head or _MARKER in tail:
        return None
    try:
        envelope = open_envelope(head + _MARKER + tail)
    except UnreadableReport:
        return None  # the whole will say why
    return envelope if [bytes(row) for row in envelope.rows] == [_MARKER] else None


def _is_whole(piece: bytes) -> bool:
    row = wrapped(piece)
    if is_tangled(row):
        return False
    try:
        _ANY.decode(row)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True
