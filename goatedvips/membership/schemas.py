from typing import Annotated, Literal

from pydantic import Field, StrictBool

from goatedvips.accounts.roles import Role
from goatedvips.kit.pagination import PageQuery, Pagination
from goatedvips.kit.schemas import Instant, Moment, Schema, Submission

Reason = Annotated[str, Field(min_length=1, max_length=500)]


class SelfExclusionRequest(Submission):
    """Until when somebody keeps himself out; for good if no day is given."""

    until: Moment | None = None


class BecauseOf(Submission):
    """Why it is done, for the audit log; of a ban its owner reads it too."""

    reason: Reason


class Unban(BecauseOf):
    """Why a ban is lifted; if it was a mistake he takes part again in the races that go on."""

    by_mistake: StrictBool = False


class RoleChange(Submission):
    """What an account is to be."""

    role: Role


class MemberQuery(PageQuery):
    """Which users to list, the newest first."""

    search: Annotated[
        str | None,
        Field(min_length=2, max_length=64, description="Part of a name or address, or an id or uid"),
    ] = None
    role: Role | None = None
    status: Literal["active", "banned", "erased"] | None = None
    linked: bool | None = None


class Member(Schema):
    """A user as those see him who look after him."""

    id: int
    username: str
    role: Role
    status: Literal["active", "banned", "erased"]
    privacy: Literal["public", "masked", "hidden"]
    created_at: Instant
    version: int
    email: str | None
    email_verified: bool | None
    last_login: Instant | None
    age_confirmed_at: Instant | None
    banned_at: Instant | None
    banned_by: str | None
    ban_reason: str | None
    self_excluded: bool
    player_id: int | None
    goated_id: str | None
    goated_username: str | None


class FormerName(Schema):
    """A name that somebody had, and when he gave it up."""

    username: str
    changed_at: Instant


class MemberDetail(Member):
    """A user with what it takes to help him; his former names only for administrators."""

    totp_enabled: bool
    sessions: int
    names: list[FormerName] | None


class MemberList(Schema):
    """A page of users."""

    data: list[Member]
    pagination: Pagination
