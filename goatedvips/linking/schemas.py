from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from goatedvips.kit.pagination import PageQuery, Pagination
from goatedvips.kit.schemas import Instant, Line, RowId, Schema, Submission

Status = Literal["pending", "approved", "rejected", "withdrawn"]
Reason = Annotated[str, Field(min_length=1, max_length=500)]


class LinkRequestCreate(Submission):
    """Which player somebody says that he is: by the name or the uid that the casino gives him."""

    goated_username: Annotated[Line | None, Field(min_length=1, max_length=64)] = None
    goated_id: Annotated[Line | None, Field(min_length=1, max_length=64)] = None
    message: Annotated[str | None, Field(max_length=500)] = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.goated_username is None) == (self.goated_id is None):
            raise ValueError("give either goatedUsername or goatedId")
        return self


class Decision(Submission):
    """Why a request is decided so; its user reads it."""

    reason: Reason


class Transfer(Submission):
    """To whom a player is given, and why."""

    user_id: Annotated[RowId, Field(strict=True)]
    reason: Reason


class SignatureView(Schema):
    """Two amounts in dollars to be wagered, each alone between two reports, within a window."""

    first_amount: str
    second_amount: str
    starts_at: Instant
    ends_at: Instant
    is_seen: bool


class LinkRequestView(Schema):
    """A request, as its user sees it."""

    id: int
    player_id: int
    goated_id: str
    goated_username: str
    status: Status
    message: str | None
    created_at: Instant
    decided_at: Instant | None
    reason: str | None
    signature: SignatureView | None


class LinkRequestReview(LinkRequestView):
    """A request, as those see it who decide it."""

    user_id: int
    username: str
    decided_by: str | None
    linked_user_id: Annotated[int | None, Field(description="Who has this player now")]


class LinkRequestList(Schema):
    """One's own requests, the newest first."""

    data: list[LinkRequestView]


class LinkQueueQuery(PageQuery):
    """Which requests to list, the oldest first."""

    status: Status | None = "pending"


class LinkQueue(Schema):
    """A page of requests."""

    data: list[LinkRequestReview]
    pagination: Pagination
