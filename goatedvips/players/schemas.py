from typing import Annotated, Literal

from pydantic import Field

from goatedvips.kit.pagination import PageQuery, Pagination
from goatedvips.kit.schemas import Dollars, Instant, Mark, Schema
from goatedvips.players.tiers import TierLevel


class TierInfo(Schema):
    """A tier, as the seed lays it down, with how many players stand in it."""

    name: TierLevel
    display_name: str
    min_wager: int
    color: str
    benefits: list[str]
    players: int


class TierList(Schema):
    """All seven tiers, lowest first."""

    tiers: list[TierInfo]
    as_of: Instant | None
    version: int


class NextTier(Schema):
    """The tier above and what is missing to reach it, in dollars."""

    name: TierLevel
    display_name: str
    min_wager: int
    missing: Dollars


class TierProgress(Schema):
    """A player's tier; `progress` is the share of the way to the next, from 0 to 1.

    Nobody goes down: `corrected` says that the feed has since taken him below what he had reached.
    """

    name: TierLevel
    display_name: str
    min_wager: int
    color: str
    benefits: list[str]
    progress: Annotated[float, Field(ge=0, le=1)]
    corrected: bool
    next: NextTier | None


class ProfileWager(Schema):
    """The four windows under the names the seed gives them in a profile."""

    all_time: Dollars = Field(alias="all_time")
    monthly: Dollars
    weekly: Dollars
    daily: Dollars


class Ranks(Schema):
    """Places per window; null where the amount is 0."""

    today: int | None
    this_week: int | None = Field(alias="this_week")
    this_month: int | None = Field(alias="this_month")
    all_time: int | None = Field(alias="all_time")


class ProfileMetadata(Schema):
    """What a profile is true for."""

    as_of: Instant | None
    version: int
    marks: list[Mark]


class UserProfile(Schema):
    """A person: a user, a player, or a user linked to a player.

    `races_won` counts completed races with a first place.
    """

    id: int
    username: str
    bio: str | None
    profile_color: str
    created_at: Instant
    goated_id: str | None
    goated_username: str | None
    goated_account_linked: bool
    total_wager: str | None
    wager: ProfileWager | None
    last_wager_sync: Instant | None
    tier: TierProgress | None
    ranks: Ranks | None
    races_won: int
    metadata: ProfileMetadata


class HistoryQuery(Schema):
    """How far back a history goes."""

    window: Literal["24h", "7d", "30d", "1y"] = "7d"


class HistoryPoint(Schema):
    """What one report said about a player, kept because it changed."""

    at: Instant
    today: Dollars
    this_week: Dollars = Field(alias="this_week")
    this_month: Dollars = Field(alias="this_month")
    all_time: Dollars = Field(alias="all_time")


class PlayerHistory(Schema):
    """At most 500 points, oldest first; the first stands for the state at the window's start if known."""

    window: Literal["24h", "7d", "30d", "1y"]
    since: Instant
    points: list[HistoryPoint]


class SearchQuery(PageQuery):
    """A search by name; `username` is accepted for `q`."""

    q: Annotated[str | None, Field(min_length=2, max_length=64)] = None
    username: Annotated[str | None, Field(min_length=2, max_length=64)] = None


class UserSearchItem(Schema):
    """One person found."""

    id: int
    username: str | None
    profile_color: str | None
    goated_id: str | None
    goated_username: str | None


class UserSearchResponse(Schema):
    """People found: exact matches first, then prefixes, then the rest."""

    results: list[UserSearchItem]
    pagination: Pagination
