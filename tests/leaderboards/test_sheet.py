"""A board as a file."""

import csv
import io

import pytest

from goatedvips.kit.windows import Period
from goatedvips.leaderboards import sheet as sheets
from goatedvips.leaderboards.sheet import sheet, sheet_name
from tests.pipeline import Pipeline, row


async def test_everybody_who_is_ranked_is_in_it_once_and_in_order(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "_AT_ONCE", 2)
    await pipeline.pull(
        *(row(f"u{number}", f"{number}.10", name=f"player{number}") for number in range(6)),
        row("u6", "0", name="nothing"),
        row("u7", "12000", name="=HYPERLINK(1)", today="0.00000001"),
    )
    await pipeline.refresh()
    boards = pipeline.boards.boards

    header, *rows = csv.reader(io.StringIO("".join(sheet(boards, Period.ALL_TIME))))

    assert header == ["rank", "uid", "name", "today", "this_week", "this_month", "all_time", "tier"]
    assert rows[0] == ["1", "u7", "'=HYPERLINK(1)", "0.00000001", "0", "0", "12000", "silver"]
    assert [each[0] for each in rows] == [str(rank) for rank in range(1, 8)]
    assert [each[1] for each in rows] == ["u7", "u5", "u4", "u3", "u2", "u1", "u0"]
    assert sheet_name(boards, Period.TODAY) == f"leaderboard-today-version-{boards.revision}.csv"


async def test_a_window_in_which_nobody_wagered_is_a_header_alone(pipeline: Pipeline) -> None:
    await pipeline.pull(row("u1", "5"))
    await pipeline.refresh()

    assert len("".join(sheet(pipeline.boards.boards, Period.TODAY)).splitlines()) == 1
