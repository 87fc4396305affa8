"""The sheet of what is due goes to the payer and comes back, and no line is misread."""

import csv
import io
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from goatedvips.kit.errors import BadInput
from goatedvips.races.payouts.repository import Award
from goatedvips.races.payouts.schemas import Payment
from goatedvips.races.payouts.sheet import COLUMNS, read, write

NOON = datetime(2026, 3, 26, 12, tzinfo=UTC)
AWARD = Award(
    id=12,
    race_id=7,
    race="Friday",
    version=1,
    player_id=3,
    uid="uidAda",
    username="Ada",
    position=1,
    amount=4250,
    status="approved",
    created_at=NOON,
    approved_by="cli:ann",
    approved_at=NOON,
    paid_by=None,
    paid_at=None,
    reference=None,
    rejected_by=None,
    rejected_at=None,
    reason=None,
)


def wrong(text: str) -> dict[str, str]:
    with pytest.raises(BadInput) as error:
        read(text)
    return {each.field: each.message for each in error.value.errors}


def filled(text: str, references: dict[str, str], delimiter: str = ",") -> str:
    """Fill the sheet in, as a spreadsheet does."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    for cells in csv.reader(io.StringIO(text, newline="")):
        writer.writerow([*cells[:-1], references.get(cells[0], cells[-1])])
    return out.getvalue()


def test_the_sheet_says_who_is_owed_what() -> None:
    assert write([AWARD]).split("\r\n") == [
        "id,raceId,race,place,goatedId,username,amount,status,approvedBy,approvedAt,reference",
        "12,7,Friday,1,uidAda,Ada,42.50,approved,cli:ann,2026-03-26T12:00:00.000Z,",
        "",
    ]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_run_by_a_spreadsheet(name: str) -> None:
    text = write([replace(AWARD, race=name, uid=name, username=name, approved_by=name)])

    _, cells = csv.reader(io.StringIO(text, newline=""))
    told = dict(zip(COLUMNS, cells, strict=True))
    assert {told[column] for column in ("race", "goatedId", "username", "approvedBy")} == {f"'{name}"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_filled_sheet_is_read_whatever_its_delimiter_and_mark(delimiter: str) -> None:
    sheet = write([AWARD, replace(AWARD, id=13), replace(AWARD, id=14, username='a,b;c\t"d"\ne')])

    came = read("\ufeff" + filled(sheet, {"12": "W-1", "14": " W-2 "}, delimiter))

    assert came.references == {12: "W-1", 14: "W-2"}
    assert came.left_out == [3]
    assert came.lines == {12: 2, 14: 5}


@given(st.dictionaries(st.integers(1, 10**18 - 1), st.text(max_size=12), max_size=8))
def test_what_may_be_a_reference_comes_back_as_it_went(references: dict[int, str]) -> None:
    valid = {}
    for award_id, text in references.items():
        with suppress(ValidationError):
            valid[award_id] = Payment(id=award_id, reference=text).reference
    sheet = write(replace(AWARD, id=award_id, reference=text) for award_id, text in valid.items())

    assert read(sheet).references == valid


def test_two_columns_in_any_order_are_enough() -> None:
    assert read("Reference, ID \nW-1,12\n\nW-2,13\n").references == {12: "W-1", 13: "W-2"}


@pytest.mark.parametrize("text", ["", "\n", "12,W-1\n", "id,amount\n12,4\n"])
def test_a_sheet_without_its_columns_is_refused(text: str) -> None:
    assert wrong(text) == {"line 1": "must name the columns, id and reference among them"}


def test_every_line_that_is_wrong_is_named() -> None:
    lines = [
        "id,reference",
        "0,W",
        "x,W",
        "-1,W",
        "9" * 30 + ",W",
        "5",
        "6,W,W",
        "7,=W",
        "8,W\x00",
        "9,W",
        "9,W",
    ]

    assert wrong("\n".join(lines)) == {
        "line 2": "'0' is no award's number",
        "line 3": "'x' is no award's number",
        "line 4": "'-1' is no award's number",
        "line 5": f"'{'9' * 30}' is no award's number",
        "line 6": "has 1 cells where the first line has 2",
        "line 7": "has 3 cells where the first line has 2",
        "line 8": "its reference must not begin with one of = + - @ '",
        "line 9": "its reference holds a character that is no text",
        "line 11": "award 9 is in line 10 already",
    }


@pytest.mark.parametrize("text", ['id,reference\n12,"W\n13,W\n', 'id,reference\n12,"W"x\n'])
def test_broken_quotes_are_refused(text: str) -> None:
    assert next(iter(wrong(text).values())).startswith("is no CSV")


@given(st.text(max_size=200))
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    for sheet in (text, f"id,reference\n{text}", f"id,reference\n12,{text}"):
        with suppress(BadInput):
            assert read(sheet).references.keys() == read(sheet).lines.keys()
