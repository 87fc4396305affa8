"""What the feed said in all its reports, read with nothing of the program's own."""

import json
import sys
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

from goatedvips.kit.windows import PERIODS
from tests.pipeline import Pipeline

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_REPORTS = """
    SELECT run.id, report.body FROM sync_logs AS run JOIN feed_reports AS report ON sha256 = report_sha256
     WHERE run.status = 'completed' ORDER BY run.id
"""


@dataclass
class History:
    """Everybody's `all_time` in units of 10⁻⁸ dollars, by uid."""

    by_run: dict[int, dict[str, int]] = field(default_factory=dict)
    """What each completed run left; whoever is not listed, or not readably, keeps what he had."""
    first: dict[str, int] = field(default_factory=dict)
    """What was said of each for the first time."""

    def at(self, run: int, *, late: frozenset[str]) -> dict[str, int]:
        """Return everybody's total by a run: 0 for who came later, unless nobody knows what he had then."""
        told = self.by_run[run]
        return {uid: told.get(uid, first if uid in late else 0) for uid, first in self.first.items()}


async def read_history(pipeline: Pipeline) -> History:
    """Read every report that was taken over."""
    history, held = History(), dict[str, int]()
    for run, packed in await pipeline.fetch(_REPORTS):
        listed = totals_of(zstd.decompress(packed))
        held |= listed
        history.by_run[run] = dict(held)
        history.first = listed | history.first
    return history


def totals_of(body: bytes) -> dict[str, int]:
    """Read a report in any known wrapping; a row that cannot be right, or comes twice, says nothing."""
    document = json.loads(body, parse_float=Decimal, parse_int=Decimal)
    while isinstance(document, dict):
        document = next(document[key] for key in ("data", "results", "users") if key in document)
    found: dict[str, int] = {}
    spoilt = set()
    for row in document:
        wagered = row.get("wagered") or {}
        amounts = [wagered.get(period) for period in PERIODS]
        good = all(isinstance(amount, Decimal) and 0 <= amount < 10**10 for amount in amounts)
        if not good or row["uid"] in found:
            spoilt.add(row["uid"])
        found[row["uid"]] = _units(wagered["all_time"]) if good else 0
    return {uid: units for uid, units in found.items() if uid not in spoilt}


def _units(dollars: Decimal) -> int:
    return int(dollars.scaleb(8).to_integral_value(ROUND_HALF_EVEN))
