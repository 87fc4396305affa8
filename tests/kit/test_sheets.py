"""CSV as spreadsheets read it."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.kit.sheets import FORMULA, lines, safe_cell

TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20)


@given(TEXT)
def test_no_cell_is_ever_run(text: str) -> None:
    assert not safe_cell(text).startswith(FORMULA)
    assert safe_cell(text).removeprefix("'") == text.removeprefix("'")


@given(st.lists(st.lists(TEXT, min_size=2, max_size=4), min_size=1, max_size=5))
def test_a_sheet_gives_every_cell_back(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(lines(rows), newline="")))

    assert read == [[safe_cell(cell) for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (-5, "-5"),
        (True, "true"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T12:00:00.000Z"),
        ({"steps": [1, "=2"]}, '{"steps":[1,"=2"]}'),
        ([], "[]"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
    ],
)
def test_what_is_no_text_is_written_so_that_programs_read_it_too(value: object, shown: str) -> None:
    assert next(csv.reader(io.StringIO(lines([["x", value]])))) == ["x", shown]
