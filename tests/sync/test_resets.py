"""Where a window starts over, held against a story that knows when it did."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from goatedvips.simulator.simulation import Simulation, Wish
from goatedvips.simulator.traps import spell_traps
from goatedvips.sync.judge import Limits, Tally, judge
from goatedvips.upstream.wire import Snapshot, read_report
from tests.pipeline import Hands

BEGIN = datetime(2025, 3, 3, 12, tzinfo=UTC)
WINDOWS = ("today", "this_week", "this_month")


class Observed:
    """A story, and what the judge says of each report of it."""

    def __init__(self, *traps: str) -> None:
        self.clock = Hands(BEGIN)
        wish = Wish(seed=5, players=2218, origin=BEGIN, traps=spell_traps(traps))
        self.simulation = Simulation(wish, clock=self.clock)
        self.resets_at = self.simulation.plot.reset_at
        if "late_reset" in traps:
            self.resets_at += timedelta(hours=self.simulation._story.late_hours)

    def day(self) -> date:
        """Return the day of the story's own `today`."""
        return (self.clock() - self.resets_at).date()

    def marks(self, *, every: timedelta, times: int) -> Iterator[set[str]]:
        """Yield the marks of one report after another."""
        held: Tally | None = None
        snapshot: Snapshot | None = None
        for _ in range(times):
            self.clock.now += every
            report = read_report(self.simulation.report(self.simulation.traps.on), snapshot)
            verdict = judge(report, held, Limits())
            held, snapshot = verdict.tally, report.snapshot
            yield {mark.code for mark in verdict.marks}


@pytest.mark.parametrize(
    ("every", "times"),
    [
        pytest.param(timedelta(minutes=5), 12 * 15, id="every 5 minutes"),
        pytest.param(timedelta(hours=1), 24 * 3, id="every hour"),
        pytest.param(timedelta(hours=6), 4 * 9, id="every 6 hours"),
        pytest.param(timedelta(days=1), 14, id="every day"),
    ],
)
@pytest.mark.parametrize("traps", [("drift",), ("today_falls",), ("late_reset", "today_falls", "drift")])
def test_a_new_window_is_told_from_a_correction(traps: tuple[str, ...], every: timedelta, times: int) -> None:
    story = Observed(*traps)
    false, missed, corrected = [], [], 0
    day = story.day()
    for at, marks in enumerate(story.marks(every=every, times=times)):
        new_day, day = story.day() != day, story.day()
        corrected += "falling_today" in marks
        if not new_day and marks & {f"reset_{window}" for window in WINDOWS}:
            false.append(story.clock())
        if at and new_day and "reset_today" not in marks:
            missed.append(story.clock())

    assert false == []
    assert missed == []
    assert (corrected > 0) == ("today_falls" in traps and every < timedelta(days=1))
