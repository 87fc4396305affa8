"""Read one report of the feed, and say what is different from the one before.

Nothing here looks at a clock, a database or a network, and nothing is ever
read as 0 that did not say 0: a row is good in every field, or it is rejected.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact
from itertools import compress

from goatedvips.kit.windows import PERIODS
from goatedvips.upstream.cut import OPENING, Listing, cut, decode, is_tangled, mended, wrapped
from goatedvips.upstream.rows import Referral, Rejected, explain, read_row, reject

__all__ = ["Referral", "Rejected", "Report", "Snapshot", "read_report"]

# 400 characters after 10⁻³⁴⁰, and the sum of a hundred million players before: never rounded, or it raises.
_EXACT = Context(prec=800, traps=[Inexact])


class Snapshot:
    """What must be held of a report to compare the next one with; opaque, and about as large as its body."""

    __slots__ = ("_loose", "_pieces", "_sums")

    def __init__(self, pieces: list[bytes], loose: list[bytes], sums: dict[str, Decimal]) -> None:
        self._pieces = pieces
        self._loose = loose
        self._sums = sums

    def __repr__(self) -> str:
        return f"<Snapshot of {len(self._pieces) + len(self._loose)} players>"


@dataclass(frozen=True, slots=True)
class Report:
    """A report beside the one before it, compared row by row, byte for byte.

    Only good rows count: one that was rejected before and is good now is new,
    and one that was good and is rejected now is old, but its player not gone.
    Lists are in no particular order.
    """

    new: list[Referral]
    """Good rows that were not among the good rows before."""
    old: list[Referral]
    """Good rows of before that are not among the good rows now."""
    gone: list[str]
    """Players of good rows before whom this report does not list at all."""
    rejected: list[Rejected]
    listed: int
    """Rows in this report, good and bad."""
    claimed: dict[str, Decimal]
    """The top-level sums that were present and numbers."""
    summed: dict[str, Decimal]
    """The exact sums over the good rows, for all four windows."""
    snapshot: Snapshot = field(repr=False)


def read_report(body: bytes, previous: Snapshot | None = None) -> Report:
    """Read a body against the last report; raise `UnreadableReport` if it is not one."""
    before = previous or Snapshot([], [], dict.fromkeys([str(window) for window in PERIODS], Decimal(0)))
    body = mended(body)
    listing = cut(body, before._pieces) or decode(body, before._pieces)  # noqa: SLF001  # opaque to others, not here
    return _Comparison(listing, before).report()


class _Comparison:
    """The rows that differ on either side, numbered: pieces from 0 up, loose rows from -1 down."""

    def __init__(self, listing: Listing, before: Snapshot) -> None:
        self.listing = listing
        self.before = before
        self.at = [*listing.fresh, *(~n for n in range(len(listing.loose)))]
        self.read: list[Referral | Rejected] = [_read(self._row(at)) for at in self.at]
        self.old = _reread(map(wrapped, listing.stale))
        self.unsure = dict(zip(before._loose, _reread(before._loose), strict=True))  # noqa: SLF001

    def report(self) -> Report:
        self._recall_namesakes()
        self._reject_duplicates()
        listed = {row.uid for row in self.read}
        new = self._new()
        old = self.old + list(self.unsure.values())
        snapshot = self._snapshot(_sums(self.before._sums, plus=new, minus=old))  # noqa: SLF001
        return Report(
            new=new,
            old=old,
            gone=[row.uid for row in old if row.uid not in listed],
            rejected=[row for row in self.read if isinstance(row, Rejected)],
            listed=len(self.listing.pieces) + len(self.listing.loose),
            claimed=self.listing.claimed,
            summed=dict(snapshot._sums),  # noqa: SLF001
            snapshot=snapshot,
        )

    def _row(self, at: int) -> bytes:
        return wrapped(self.listing.pieces[at]) if at >= 0 else self.listing.loose[~at]

    def _recall_namesakes(self) -> None:
        """Take unchanged pieces in again whose uid another row of this report has too."""
        pieces = self.listing.pieces
        if len(self.listing.fresh) == len(pieces):
            return
        # A player had one good row before; if that one is not unchanged, no unchanged row is his.
        accounted = {row.uid for row in self.old} | {row.uid for row in self.unsure.values()}
        heads = {row.uid.encode() for row in self.read if row.uid is not None and row.uid not in accounted}
        if not heads:
            return
        # A piece that is known begins with its uid, unescaped, and a quote.
        fresh = set(self.listing.fresh)
        for at, piece in enumerate(pieces):
            if piece[: piece.index(b'"')] in heads and at not in fresh:
                row = wrapped(piece)
                self.at.append(at)
                self.read.extend(again := _reread([row]))
                self.unsure[row] = again[0]

    def _reject_duplicates(self) -> None:
        """Of equal rows keep one; of rows that differ under one uid keep none."""
        times = Counter(row.uid for row in self.read if row.uid is not None)
        if len(times) == times.total():
            return
        copies: dict[str, list[int]] = {}
        for n, row in enumerate(self.read):
            if row.uid is not None and times[row.uid] > 1:
                copies.setdefault(row.uid, []).append(n)
        for uid, group in copies.items():
            rows = {self._row(self.at[n]) for n in group}
            differ = len(rows) > 1
            reason = (
                f"uid is listed {len(group)} times with different rows, and nobody knows which is right"
                if differ
                else "The row is an exact copy of another one"
            )
            for n in group if differ else group[1:]:
                if isinstance(self.read[n], Referral):
                    self.read[n] = reject(self._row(self.at[n]), uid, reason)

    def _new(self) -> list[Referral]:
        """Return the good rows that are new, and take those that are not out of `unsure`."""
        if not self.unsure:
            return [row for row in self.read if isinstance(row, Referral)]
        return [
            row
            for at, row in zip(self.at, self.read, strict=True)
            if isinstance(row, Referral) and self.unsure.pop(self._row(at), None) is None
        ]

    def _snapshot(self, sums: dict[str, Decimal]) -> Snapshot:
        """Keep the good rows; as pieces only those that can be recognised without decoding."""
        pieces = self.listing.pieces
        loose = []
        keep = bytearray(b"\x01") * len(pieces)
        for at, row in zip(self.at, self.read, strict=True):
            if isinstance(row, Rejected):
                if at >= 0:
                    keep[at] = 0
            elif at < 0 or not _is_plain(pieces[at], row.uid):
                loose.append(self._row(at))
                if at >= 0:
                    keep[at] = 0
        return Snapshot(pieces if all(keep) else list(compress(pieces, keep)), loose, sums)


def _read(row: bytes) -> Referral | Rejected:
    return read_row(row) or explain(row)


def _reread(rows: Iterable[bytes]) -> list[Referral]:
    """Read rows that were good before."""
    return [row for row in map(read_row, rows) if row is not None]


def _is_plain(piece: bytes, uid: str) -> bool:
    """Tell whether a piece shows its uid: not escaped, and not overruled by a second key."""
    return piece.startswith(uid.encode() + b'"') and not is_tangled(OPENING + piece)


def _sums(sums: dict[str, Decimal], *, plus: list[Referral], minus: list[Referral]) -> dict[str, Decimal]:
    return {
        window.value: _shortest(_total(_total(sums[window], plus, window), minus, window, sign=-1))
        for window in PERIODS
    }


def _total(start: Decimal, rows: list[Referral], window: str, *, sign: int = 1) -> Decimal:
    total = Decimal(0)
    for row in rows:
        amount: Decimal = getattr(row, window)
        if amount:
            total = _EXACT.add(total, amount)
    return _EXACT.add(start, total) if sign > 0 else _EXACT.subtract(start, total)


def _shortest(total: Decimal) -> Decimal:
    """Write a sum in one way only, so that equal sums look equal whichever way they were reached."""
    return Decimal(f"{total.normalize(_EXACT):f}") if total else Decimal(0)
