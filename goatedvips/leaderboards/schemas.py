import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from goatedvips.kit.pagination import PageQuery, Pagination
from goatedvips.kit.schemas import Instant, Mark, Schema, Wagered
from goatedvips.kit.windows import Period
from goatedvips.players.tiers import TierLevel

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def _moment(given: object) -> object:
    # pydantic itself would read a bare number as seconds since 1970.
    if isinstance(given, str) and not _RFC3339.fullmatch(given):
        raise ValueError("expected a moment like 2025-03-26T12:00:00Z (RFC 3339; write + as %2B)")
    return given


AsOf = Annotated[
    AwareDatetime,
    BeforeValidator(_moment),
    Field(
        ge=datetime(2000, 1, 1, tzinfo=UTC),
        lt=datetime(3000, 1, 1, tzinfo=UTC),
        description="Show what was true at this moment (RFC 3339), rebuilt from readings",
    ),
]
"""A moment in the past, far from where calendars come to an end."""


class LeaderboardQuery(PageQuery):
    """Which window, which page, whose name, at which moment."""

    period: Period = Period.ALL_TIME
    search: Annotated[str | None, Field(min_length=2, max_length=64)] = None
    as_of: AsOf | None = None


class SheetQuery(Schema):
    """Of which window."""

    period: Period = Period.ALL_TIME


class AroundQuery(Schema):
    """How many neighbours to show on either side."""

    period: Period = Period.ALL_TIME
    radius: Annotated[int, Field(ge=0, le=50)] = 5


class LeaderboardEntry(Schema):
    """One player; `rank` is null when the window's amount is 0.

    Who hides himself has an alias for his uid, and no id.
    """

    uid: str
    id: int | None
    name: str
    wagered: Wagered
    last_update: Instant
    rank: int | None
    tier: TierLevel
    user_id: int | None
    profile_color: str | None


class LeaderboardMetadata(Schema):
    """What a page is true for.

    `as_of` is when the feed was asked; `last_updated` when its answer was stored;
    `ranked_users` counts amounts above 0.
    """

    total_users: int
    ranked_users: int
    last_updated: Instant | None
    as_of: Instant | None
    version: int
    status: Literal["live", "completed", "transition"]
    period: Period
    marks: list[Mark]


class LeaderboardData(Schema):
    """A page of a board."""

    data: list[LeaderboardEntry]
    metadata: LeaderboardMetadata
    pagination: Pagination


class LeaderboardAround(Schema):
    """A person's row with the rows around it."""

    data: list[LeaderboardEntry]
    metadata: LeaderboardMetadata
