from pydantic import Field

from goatedvips.kit.pagination import PageQuery, Pagination
from goatedvips.kit.schemas import Instant, Schema
from goatedvips.races.payouts.schemas import AwardTotal
from goatedvips.races.schemas import (
    PrizeShare,
    RaceStatus,
    RaceType,
    RejectPolicy,
    TiePolicy,
    WagerRaceSummary,
)


class OverviewQuery(PageQuery):
    """Which races an operator looks at; newest first."""

    status: RaceStatus | None = None
    type: RaceType | None = None


class RaceOverview(WagerRaceSummary):
    """A race as whoever runs it sees it: its terms, where it stands, and what it owes.

    `version` is what an edit is held against. `overdue_since` is told until the report comes that ends it;
    `owed` is what is pending or approved, in dollars.
    """

    version: int
    series_id: int | None
    tie_policy: TiePolicy
    reject_policy: RejectPolicy
    min_wager: str
    prizes: list[PrizeShare]
    start_run_id: int | None
    end_run_id: int | None
    overdue_since: Instant | None
    settled_at: Instant | None
    result_version: int = Field(description="0 before it is settled")
    cancel_reason: str | None
    settle_reason: str | None
    owed: str
    awards: list[AwardTotal]


class RaceOverviews(Schema):
    """A page of races, newest first."""

    data: list[RaceOverview]
    pagination: Pagination
