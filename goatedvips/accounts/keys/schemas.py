from typing import Annotated

from pydantic import Field

from goatedvips.accounts.roles import Permission
from goatedvips.kit.schemas import Instant, Line, Moment, Schema, Submission


class ApiKeyCreate(Submission):
    """A key for a program: what it may do, and until when. It never may more than its owner."""

    name: Annotated[Line, Field(min_length=1, max_length=64)]
    scopes: Annotated[list[Permission], Field(min_length=1, max_length=len(Permission))]
    expires_at: Moment | None = None


class ApiKeyView(Schema):
    """A key as it is shown: without the secret, which only its owner has."""

    id: int
    user_id: int
    name: str
    hint: Annotated[str, Field(description="How it begins")]
    scopes: list[str]
    created_at: Instant
    expires_at: Instant | None
    last_used_at: Instant | None


class ApiKeyMade(ApiKeyView):
    """A new key with its secret, shown this once."""

    key: str


class ApiKeyList(Schema):
    """Keys that were not revoked, newest first."""

    data: list[ApiKeyView]
