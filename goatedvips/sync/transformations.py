"""What the transformation log says of a run's steps. Computes only."""

from datetime import datetime
from typing import Any

from goatedvips.races.engine import Advance
from goatedvips.races.repository import Run
from goatedvips.sync.repository import Counts


def report_to_totals(
    run: Run, counts: Counts, *, rejected: int, began: datetime, ended: datetime
) -> dict[str, Any]:
    """Say what became of a report's rows."""
    return _step("report_to_totals", "feed_report", run, began=began, ended=ended) | {
        "processed": counts.processed,
        "created": counts.created,
        "updated": counts.updated,
        "skipped": counts.skipped,
        "metadata": {"rejected": rejected},
    }


def totals_to_standings(
    run: Run, advance: Advance, *, moved: int, began: datetime, ended: datetime
) -> dict[str, Any]:
    """Say what the totals that moved came to in races."""
    return _step("totals_to_standings", "wager_totals", run, began=began, ended=ended) | {
        "processed": moved,
        "created": len(advance.made),
        "updated": len(advance.acts),
        "skipped": 0,
        "metadata": {"begun": advance.begun, "ended": advance.ended},
    }


def _step(kind: str, source: str, run: Run, *, began: datetime, ended: datetime) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "transformation_type": kind,
        "source_type": source,
        "start_time": began,
        "end_time": ended,
    }
