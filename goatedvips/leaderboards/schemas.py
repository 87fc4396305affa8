from typing import Annotated, Literal

from pydantic import Field

from goatedvips.kit.pagination import PageQuery, Pagination
from goatedvips.kit.schemas import Instant, Mark, Moment, Schema, Wagered
from goatedvips.kit.windows import Period
from goatedvips.players.tiers import TierLevel

AsOf = Annotated[
    Moment, Field(description="Show what was true at this moment (RFC 3339), rebuilt from readings")
]


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
