"""CSV that is safe to open in a spreadsheet. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from goatedvips.kit.instants import rfc3339

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet would run a cell that begins with one of these (OWASP, CSV injection)."""

Line = Sequence[object]


def safe_cell(cell: str) -> str:
    """Return a cell as text that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def lines(rows: Iterable[Line]) -> str:
    """Return rows as CSV: text made safe, instants in RFC 3339, whatever has parts as JSON."""
    out = io.StringIO()
    csv.writer(out).writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case str():
            return safe_cell(value)
        case datetime():
            return rfc3339(value)
        case bool() | dict() | list():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case _:
            return value
