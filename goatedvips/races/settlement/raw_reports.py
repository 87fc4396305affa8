"""A result held against the feed's own reports, byte for byte as they came. Computes only."""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from goatedvips.kit.money import to_units
from goatedvips.races.rules.proof import Finding
from goatedvips.races.rules.proof.verdict import named
from goatedvips.races.settlement.rebuild import Rebuilt, Standings, dollars
from goatedvips.races.views import Column
from goatedvips.upstream.errors import UnreadableReport
from goatedvips.upstream.wire import read_report

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


@dataclass(frozen=True, slots=True)
class Listed:
    """What a report says: everybody's `all_time` in units and name, by uid, and whose row is not readable."""

    amounts: dict[str, int]
    names: dict[str, str]
    unreadable: frozenset[str]


@dataclass(frozen=True, slots=True)
class Boundary:
    """One end of a race: `start` or `end`, and the hash that its report is kept under."""

    which: str
    sha256: str


def opened_report(boundary: Boundary, body: bytes, size: int) -> tuple[list[Finding], Listed | None]:
    """Unpack and read a kept report; say what is wrong with its bytes."""
    which = f"The {boundary.which} report"
    try:
        raw = zstd.decompress(body)
    except zstd.ZstdError as error:
        return [Finding("report_unpack", f"{which} cannot be unpacked: {error}.")], None
    findings = []
    hashed = hashlib.sha256(raw).hexdigest()
    if hashed != boundary.sha256:
        text = f"{which}'s bytes hash to {hashed}, but it is kept as {boundary.sha256}"
        findings.append(Finding("report_hash", f"{text}: it is not the one that came."))
    if len(raw) != size:
        findings.append(Finding("report_size", f"{which} has {len(raw)} bytes, but {size} are recorded."))
    try:
        report = read_report(raw)
    except UnreadableReport as error:
        return [*findings, Finding("report_read", f"{which} cannot be read: {error.detail}")], None
    amounts = {row.uid: to_units(row.all_time) for row in report.new}
    return findings, Listed(
        amounts,
        {row.uid: row.name for row in report.new},
        frozenset(bad.uid for bad in report.rejected if bad.uid is not None) - amounts.keys(),
    )


def listed_alike(
    boundary: Boundary, listed: Listed, standings: Standings, totals: Column
) -> Iterator[Finding]:
    """Hold everybody's total at a boundary against what its report says of him, if it lists him."""
    said = totals.tolist()
    wrong = [
        row
        for row, uid in enumerate(standings.uids)
        if uid is not None and listed.amounts.get(uid, said[row]) != said[row]
    ]

    def sentence(row: int) -> str:
        found, kept = dollars(listed.amounts[standings.uids[row] or ""]), dollars(said[row])
        what = f"the {boundary.which} report lists him with {found}"
        return f"{standings.who(row)}: {what}, but his standing says {kept}."

    yield from named(f"{boundary.which}_report", wrong, sentence)


def listed_without_standing(start: Listed, end: Listed, standings: Standings) -> Iterator[Finding]:
    """Name whom both reports list, with totals that differ, and who has no standing."""
    known = set(standings.uids)
    missing = [
        uid
        for uid, total in end.amounts.items()
        if uid not in known and start.amounts.get(uid, total) != total
    ]

    def sentence(at: int) -> str:
        uid = missing[at]
        change = f"from {dollars(start.amounts[uid])} to {dollars(end.amounts[uid])}"
        return f"{end.names[uid]} (uid {uid}) went {change} by the boundaries' reports, but has no standing."

    yield from named("missing_in_reports", range(len(missing)), sentence)


def unlisted(boundary: Boundary, listed: Listed, standings: Standings, rebuilt: Rebuilt) -> Iterator[Finding]:
    """Count whom a boundary's report cannot speak of; the readings were what they were held against."""
    absent = [row for row, uid in enumerate(standings.uids) if uid not in listed.amounts]
    unreadable = sum(standings.uids[row] in listed.unreadable for row in absent)
    new = 0
    if boundary.which == "start":
        newcomers = set(rebuilt.player_ids[rebuilt.newly_listed].tolist())
        ids = standings.player_ids.tolist()
        new = sum(ids[row] in newcomers and standings.uids[row] not in listed.unreadable for row in absent)
    for code, count, why in (
        ("unreadable", unreadable, "has a row for that could not be read"),
        ("first_listed", new, "does not list, since a later one was the first to"),
        ("vanished", len(absent) - unreadable - new, "does not list any more"),
    ):
        if count:
            text = f"{count:,} of {len(standings):,} are players that the {boundary.which} report {why}"
            yield Finding(f"{code}_{boundary.which}", f"{text}: held against the readings alone.")
