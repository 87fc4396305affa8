"""A report is exact, and writing only what changed makes no difference."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goatedvips.simulator.page import number
from goatedvips.simulator.report import Press
from goatedvips.simulator.story import Plot, Story
from goatedvips.simulator.traps import spell_traps

ORIGIN = datetime(2025, 3, 30, 23, 0, tzinfo=UTC)
FIGURES = [
    "",
    "late_reset",
    "today_falls",
    "drift",
    "contradictions",
    "falling_all_time",
    "rename=40",
    "all_zeros=0.5",
]


def tell(players: int = 400) -> Story:
    return Story(Plot(3, players, ORIGIN))


@given(st.floats(0, 1e12, allow_nan=False))
def test_a_number_keeps_every_digit_and_has_no_exponent(amount: float) -> None:
    text = number(amount)

    assert re.fullmatch(r"(0|[1-9]\d*)(\.\d*[1-9])?", text)
    assert Decimal(text) == Decimal(repr(amount))


def test_the_sums_at_the_top_are_those_of_the_rows() -> None:
    report = json.loads(Press().report(tell(), {}))

    assert list(report) == ["success", "data", "today", "this_week"]
    for window in ("today", "this_week"):
        total = sum(row["wagered"][window] for row in report["data"])
        assert total == pytest.approx(report[window], abs=1e-6)
        assert total > 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40_000), st.sampled_from(FIGURES)), min_size=1, max_size=6))
def test_a_press_that_has_printed_before_prints_what_a_new_one_would(steps: list[tuple[int, str]]) -> None:
    story, press = tell(), Press()
    for wait, trap in steps:
        story.advance(story.seconds + wait)
        on = {name: switch for name, switch in spell_traps([trap] if trap else []).items() if switch}

        assert Press().report(story, on) == press.report(story, on)


def test_a_name_that_changed_is_printed() -> None:
    story, press = tell(2_218), Press()
    press.report(story, {})
    story.advance(10 * 86_400)
    report = json.loads(press.report(story, {}))

    assert len(story.renamed) > 3
    assert {row["uid"]: row["name"] for row in report["data"]} == dict(
        zip(story.uids[: story.listed], story.names, strict=False)
    )


def test_a_report_is_as_terse_as_the_feeds() -> None:
    body = Press().report(tell(2_218), {})

    # Measured: 213,142 to 213,273 bytes for 1,841 players.
    assert len(body) / 2_218 == pytest.approx(213_200 / 1_841, rel=0.02)
    assert b" " not in body
