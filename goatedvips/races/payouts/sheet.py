"""The sheet of what is due: as the payer gets it, and as he gives it back with his references. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from goatedvips.kit.errors import BadInput, FieldError
from goatedvips.kit.ids import as_id
from goatedvips.kit.instants import rfc3339
from goatedvips.kit.money import format_cents
from goatedvips.kit.schemas import field_errors
from goatedvips.kit.sheets import safe_cell
from goatedvips.races.payouts.repository import Award
from goatedvips.races.payouts.schemas import Payment

COLUMNS = (
    *("id", "raceId", "race", "place", "goatedId", "username", "amount", "status"),
    *("approvedBy", "approvedAt", "reference"),
)

_DELIMITERS = ",;\t"
"""Spreadsheets write a semicolon where the comma parts cents from dollars."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet that came back: references and line numbers by award, and which lines had no reference."""

    references: dict[int, str] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    left_out: list[int] = field(default_factory=list)


def write(awards: Iterable[Award]) -> str:
    """Return awards as CSV, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for award in awards:
        writer.writerow(
            [
                award.id,
                award.race_id,
                safe_cell(award.race),
                award.position,
                safe_cell(award.uid),
                safe_cell(award.username),
                format_cents(award.amount),
                award.status,
                safe_cell(award.approved_by or ""),
                "" if award.approved_at is None else rfc3339(award.approved_at),
                safe_cell(award.reference or ""),
            ]
        )
    return out.getvalue()


def read(text: str) -> Filled:
    """Read the columns `id` and `reference`; raise `BadInput` that names every line that is wrong.

    A line without a reference was not paid and is left out.
    """
    sheet, wrong = Filled(), list[FieldError]()
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    try:
        names = [name.strip().casefold() for name in next(rows, [])]
        if not {"id", "reference"} <= set(names):
            raise _line(1, "must name the columns, id and reference among them")
        for row in rows:
            if any(cell.strip() for cell in row):
                wrong += _take(sheet, row, names=names, number=rows.line_num)
    except csv.Error as error:
        raise _line(rows.line_num, f"is no CSV: {error}") from None
    if wrong:
        raise BadInput(wrong)
    return sheet


def _take(sheet: Filled, row: Sequence[str], *, names: list[str], number: int) -> list[FieldError]:
    """Take in a line; return what is wrong with it."""
    if len(row) != len(names):
        return [_error(number, f"has {len(row)} cells where the first line has {len(names)}")]
    # Other columns are ours, or the payer's own: he may keep what he likes.
    asked, reference = (row[names.index(name)].strip() for name in ("id", "reference"))
    if not reference:
        sheet.left_out.append(number)
        return []
    try:
        payment = Payment(id=as_id(asked) or 0, reference=reference)
    except ValidationError as error:
        return [_error(number, _sentence(wrong, asked)) for wrong in field_errors(error.errors())]
    if payment.id in sheet.lines:
        return [_error(number, f"award {payment.id} is in line {sheet.lines[payment.id]} already")]
    sheet.references[payment.id] = payment.reference
    sheet.lines[payment.id] = number
    return []


def _sentence(wrong: FieldError, asked: str) -> str:
    return f"{asked!r} is no award's number" if wrong.field == "id" else f"its reference {wrong.message}"


def _error(number: int, message: str) -> FieldError:
    return FieldError(f"line {number}", message)


def _line(number: int, message: str) -> BadInput:
    return BadInput([_error(number, message)])
