from typing import Annotated, Literal

from pydantic import Field

from goatedvips.kit.pagination import PageQuery, Pagination
from goatedvips.kit.schemas import Dollars, Instant, Schema, Submission
from goatedvips.races.schemas import Phase


class ParticipantsQuery(PageQuery):
    """Which page of a race's participants, or of those whose name contains a text or whose uid it is."""

    search: Annotated[str | None, Field(min_length=2, max_length=64)] = None


class ExclusionReason(Submission):
    """Why somebody is excluded, or may take part again; the audit log keeps it."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class WhyExcluded(Schema):
    """What keeps a player out: of this race alone, or of all."""

    kind: Literal["manual", "staff", "banned", "self_excluded", "award_rejected"]
    reason: str
    by: str
    at: Instant
    until: Instant | None
    from_all_races: bool


class KeptOutPlayer(Schema):
    """A player whom this race keeps out although he takes no part in it so far."""

    player_id: int
    goated_id: str
    username: str
    excluded: list[WhyExcluded]


class ParticipantView(Schema):
    """Somebody who takes part, as an operator sees him. Totals are exact dollars with eight decimals.

    `position` is null for who wagered too little or is excluded; `prize` is provisional until the race is
    settled.
    """

    player_id: int
    user_id: int | None
    goated_id: str
    username: str
    start_total: str
    total: str
    wagered: Dollars
    position: int | None
    prize: Dollars
    is_excluded: bool
    excluded: list[WhyExcluded]


class ParticipantPage(Schema):
    """A page of all who take part: those with a place first.

    `kept_out` are, on any page, the newest whom this race alone keeps out and who take no part.
    """

    data: list[ParticipantView]
    kept_out: list[KeptOutPlayer]
    phase: Phase
    as_of: Instant | None
    pagination: Pagination
