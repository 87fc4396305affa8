"""Pages of a log, newest first, by a cursor: rows that are added meanwhile move none to another page."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeAlias, TypeVar
from urllib.parse import urlencode

from pydantic import Field, ValidationInfo, field_validator

from goatedvips.kit.errors import BadInput
from goatedvips.kit.pagination import MAX_LIMIT
from goatedvips.kit.schemas import Moment, Schema

Row = TypeVar("Row")

Place: TypeAlias = tuple[int, ...]
"""Where a row stands in its log: whole numbers by which the log is sorted."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BIGINT = range(-(2**63), 2**63)


class CursorQuery(Schema):
    """The part of a query string that chooses a page of a log."""

    cursor: Annotated[
        str | None, Field(max_length=128, description="`nextCursor` of the page before; none for the newest")
    ] = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="Rows on a page")] = 50


class SpanQuery(Schema):
    """The part of a query string that chooses a span of time, half-open. Instants have an offset."""

    from_: Annotated[Moment | None, Field(alias="from", description="Not before this instant")] = None
    to: Annotated[Moment | None, Field(description="Before this instant")] = None

    @field_validator("to")
    @classmethod
    def _comes_after(cls, to: datetime | None, info: ValidationInfo) -> datetime | None:
        begins = info.data.get("from_")
        if to is not None and begins is not None and to <= begins:
            raise ValueError("must be after from")
        return to


def write_cursor(place: Place) -> str:
    """Return a place as a client keeps it: nothing that he should read."""
    return urlsafe_b64encode(".".join(map(str, place)).encode()).rstrip(b"=").decode()


def read_cursor(cursor: str | None, *, numbers: int = 1) -> Place | None:
    """Return the place that a client kept, None for none; raise `BadInput` for what we never gave."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        place = tuple(int(part) for part in urlsafe_b64decode(padded).decode("ascii").split("."))
    except (ValueError, binascii.Error):
        place = ()
    is_ours = len(place) == numbers and all(number in _BIGINT for number in place)
    if not is_ours or write_cursor(place) != cursor:
        raise BadInput.field("cursor", "is none that an answer of this list gave")
    return place


def microseconds(instant: datetime) -> int:
    """Return an instant as a number for a place; exact."""
    return (instant - _EPOCH) // _MICROSECOND


def instant_of(number: int) -> datetime:
    """Return the instant of such a number; raise `BadInput` for one beyond the calendar."""
    try:
        return _EPOCH + number * _MICROSECOND
    except OverflowError:
        raise BadInput.field("cursor", "is none that an answer of this list gave") from None


def cut(
    rows: Sequence[Row], limit: int, *, place: Callable[[Row], Place]
) -> tuple[Sequence[Row], str | None]:
    """Return a page of rows, of which one more was asked for, and the next page's cursor if there is one."""
    page = rows[:limit]
    return page, write_cursor(place(page[-1])) if len(rows) > limit else None


def next_link(path: str, query: Schema, cursor: str | None) -> dict[str, str]:
    """Return the `Link` header (RFC 8288) to the next page, if there is one."""
    if cursor is None:
        return {}
    asked = query.model_dump(mode="json", by_alias=True, exclude_none=True) | {"cursor": cursor}
    return {"Link": f'<{path}?{urlencode(asked)}>; rel="next"'}
