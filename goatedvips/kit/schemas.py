"""The base of everything that crosses the wire."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic.alias_generators import to_camel

from goatedvips.kit.errors import FieldError
from goatedvips.kit.instants import rfc3339

Instant = Annotated[
    datetime,
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    Field(json_schema_extra={"format": "date-time"}),
]
"""An aware instant, RFC 3339 in UTC with `Z` on the wire."""

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _moment(given: object) -> object:
    # pydantic itself would read a number, bare or in quotes, as seconds since 1970.
    if isinstance(given, int | float) or (isinstance(given, str) and not _RFC3339.fullmatch(given.strip())):
        raise ValueError("expected a moment like 2025-03-26T12:00:00Z (RFC 3339; in a query + is %2B)")
    return given


def _day(given: object) -> object:
    if isinstance(given, int | float) or (isinstance(given, str) and not _DAY.fullmatch(given.strip())):
        raise ValueError("expected a day like 2001-12-31")
    return given


Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC)),
    BeforeValidator(_moment),
]
"""An instant that a client gives, far from where calendars, and the database's and Python's, end."""

Day = Annotated[date, Field(ge=date(1900, 1, 1), lt=date(2100, 1, 1)), BeforeValidator(_day)]
"""A day that a client gives."""


def _line(text: str) -> str:
    if len(text.splitlines()) > 1 or "\t" in text:
        raise ValueError("must be a single line")
    return text


Line = Annotated[str, AfterValidator(_line)]
"""A text that a client gives, of one line: a name, or what something is called elsewhere."""

RowId = Annotated[int, Field(ge=1, lt=2**63)]
"""The number of something that is kept."""

_NEVER_TEXT = re.compile("[\0\ud800-\udfff]")
_NEVER_SEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2028\u2029\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""What makes a text look like another one, or a terminal do something. What joins letters is none of it."""
_NEVER_ENCODED = re.compile("[\ud800-\udfff]")
_DEEPEST = 8
"""Levels: far more than any body of ours has."""


class Schema(BaseModel):
    """A body: camelCase outside, snake_case inside, unknown fields refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
        allow_inf_nan=False,
    )


class Submission(Schema):
    """A body that a client sends: no part of it holds what PostgreSQL cannot keep, or nobody can see."""

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_kept(cls, value: object, info: ValidationInfo) -> object:
        if _is_secret(cls.model_fields[info.field_name or ""].annotation):
            # Hashed, never kept: PostgreSQL need not be able to.
            if isinstance(value, str) and _NEVER_ENCODED.search(value):
                raise ValueError("holds a character that is no text")
            return value
        level, depth = [value], 0
        while level:
            if depth > _DEEPEST:
                raise ValueError("is nested too deeply")
            if any(_NEVER_TEXT.search(part) for part in level if isinstance(part, str)):
                raise ValueError("holds a character that is no text")
            # What is in a list looks at itself, and so is named by its place.
            if not isinstance(value, list) and any(
                _NEVER_SEEN.search(part) for part in level if isinstance(part, str)
            ):
                raise ValueError("holds a character that cannot be seen")
            if any(isinstance(part, float) and not isfinite(part) for part in level):
                raise ValueError("holds a number that is not finite")
            level, depth = [inner for part in level for inner in _inside(part)], depth + 1
        return value


class TypedSubmission(Submission):
    """A body with something secret in it, taken as it was typed: no space is stripped."""

    model_config = ConfigDict(str_strip_whitespace=False)


def _is_secret(annotation: object) -> bool:
    return annotation is SecretStr or any(_is_secret(part) for part in get_args(annotation))


def _inside(part: object) -> Iterable[object]:
    if isinstance(part, Mapping):
        return [*part.keys(), *part.values()]
    return part if isinstance(part, list) else ()


Dollars = Annotated[
    Decimal,
    PlainSerializer(float, return_type=float, when_used="json"),
    WithJsonSchema({"type": "number", "description": "Dollars, as a JSON number"}),
]
"""An amount as the wire shows it: a number. Nothing that was read as a float is ever stored."""


class Mark(Schema):
    """Something about the data that a reader should know, with a sentence that says it."""

    code: str
    count: int
    text: str


class Wagered(BaseModel):
    """The four windows as the feed gives them, in dollars (snake_case is the seed's)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    today: Dollars
    this_week: Dollars
    this_month: Dollars
    all_time: Dollars


_OURS = {"extra_forbidden": "is not known here", "missing": "must be given"}


def field_errors(errors: Any) -> list[FieldError]:  # noqa: ANN401 - pydantic's and FastAPI's lists differ in type
    """Return what pydantic found wrong, in our own words' shape."""
    return [
        FieldError(
            ".".join(map(str, _field(error["loc"]))) or "body",
            _OURS.get(error["type"]) or error["msg"].removeprefix("Value error, "),
        )
        for error in errors
    ]


def _field(location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    # FastAPI says first where a field was; a field may itself be called that.
    return (
        location[1:] if len(location) > 1 and location[0] in {"query", "body", "path", "header"} else location
    )
