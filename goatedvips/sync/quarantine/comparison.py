"""What a report says that was not believed, against the last one that was. Computes only."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from heapq import nlargest
from typing import TypeVar

from goatedvips.kit.money import from_units, to_units
from goatedvips.kit.schemas import Schema
from goatedvips.kit.windows import PERIODS
from goatedvips.upstream.wire import Referral, Report, read_report

MOST = 20
"""Rows of each kind that are shown."""

Row = TypeVar("Row")


class Listed(Schema):
    """A player of a report, with his all_time in exact dollars."""

    goated_id: str
    username: str
    all_time: str


class Fall(Schema):
    """A player whose all_time would fall."""

    goated_id: str
    username: str
    before: str
    now: str


class RejectedRow(Schema):
    """A row that could not be read: whose it is if it says, why, and how it begins."""

    goated_id: str | None
    reason: str
    excerpt: str


class WindowSum(Schema):
    """What the rows of a window sum to, before and now, and what the report itself says they do."""

    window: str
    before: str
    now: str
    claimed: str | None


class Compared(Schema):
    """What a report would change against the last one that was applied before it.

    The numbers are whole; of each kind only some rows are listed: of falls in all_time, and of players who
    are new or gone, those of the largest amounts.
    """

    listed_before: int
    listed: int
    sums: list[WindowSum]
    changed_count: int
    new_count: int
    gone_count: int
    fallen_count: int
    zeroed_count: int
    rejected_count: int
    new: list[Listed]
    gone: list[Listed]
    fallen: list[Fall]
    rejected: list[RejectedRow]


def compare(body: bytes, before: bytes | None) -> Compared:
    """Compare a report with the one that was applied before it, if one was; raise `UnreadableReport`."""
    held = None if before is None else read_report(before)
    report = read_report(body, held.snapshot if held else None)
    old = {row.uid: row for row in report.old}
    pairs = [(old[row.uid], row) for row in report.new if row.uid in old]
    new = [row for row in report.new if row.uid not in old]
    gone = [old[uid] for uid in report.gone]
    fallen = [(was, row) for was, row in pairs if row.all_time < was.all_time]
    return Compared(
        listed_before=held.listed if held else 0,
        listed=report.listed,
        sums=_sums(report, held),
        changed_count=len(pairs),
        new_count=len(new),
        gone_count=len(gone),
        fallen_count=len(fallen),
        zeroed_count=sum(row.all_time == 0 for _, row in fallen),
        rejected_count=len(report.rejected),
        new=_listed(new),
        gone=_listed(gone),
        fallen=[
            Fall(
                goated_id=row.uid,
                username=row.name,
                before=_dollars(was.all_time),
                now=_dollars(row.all_time),
            )
            for was, row in _largest(fallen, lambda pair: pair[0].all_time - pair[1].all_time)
        ],
        rejected=[
            RejectedRow(goated_id=row.uid, reason=row.reason, excerpt=row.excerpt)
            for row in report.rejected[:MOST]
        ],
    )


def _sums(report: Report, held: Report | None) -> list[WindowSum]:
    return [
        WindowSum(
            window=window,
            before=_number(held.summed[window] if held else Decimal(0)),
            now=_number(report.summed[window]),
            claimed=_number(report.claimed[window]) if window in report.claimed else None,
        )
        for window in map(str, PERIODS)
    ]


def _listed(rows: Iterable[Referral]) -> list[Listed]:
    return [
        Listed(goated_id=row.uid, username=row.name, all_time=_dollars(row.all_time))
        for row in _largest(rows, lambda row: row.all_time)
    ]


def _largest(rows: Iterable[Row], size: Callable[[Row], Decimal]) -> Sequence[Row]:
    return nlargest(MOST, rows, key=size)


def _dollars(amount: Decimal) -> str:
    return f"{from_units(to_units(amount)):.8f}"


def _number(total: Decimal) -> str:
    return f"{total:.8f}"
