from typing import Annotated

from pydantic import Field

from goatedvips.kit.cursors import CursorQuery, SpanQuery
from goatedvips.kit.schemas import Instant, RowId, Schema


class RequestLogFilter(SpanQuery):
    """Which API requests: all that is given must hold."""

    status: Annotated[
        str | None, Field(pattern=r"^[1-5]([0-9]{2}|xx)$", description="A status, or its kind like `5xx`")
    ] = None
    method: Annotated[str | None, Field(pattern="^[A-Z]{1,16}$")] = None
    path: Annotated[
        str | None, Field(min_length=1, max_length=200, description="How the route begins, like `/api/admin`")
    ] = None
    user: Annotated[RowId | None, Field(description="Who asked")] = None
    api_key: Annotated[RowId | None, Field(description="By which of his keys")] = None
    request_id: Annotated[
        str | None, Field(min_length=1, max_length=64, description="As the answer's `X-Request-Id` had it")
    ] = None
    slower_than: Annotated[
        int | None, Field(ge=0, lt=2**31, description="Milliseconds that it took at least")
    ] = None

    @property
    def statuses(self) -> tuple[int, int]:
        """The lowest and the highest status that is asked for."""
        asked = self.status or "xxx"
        return int(asked.replace("x", "0")), int(asked.replace("x", "9"))


class RequestLogQuery(RequestLogFilter, CursorQuery):
    """Which page of them."""


class LoggedRequest(Schema):
    """An API request that was answered: the route without its query, and who asked, if anybody looked."""

    id: int
    at: Instant
    request_id: str
    method: str
    path: str
    status: int
    milliseconds: int
    user_id: int | None
    username: str | None
    api_key_id: int | None
    address: str | None


class RequestLogPage(Schema):
    """API requests, newest first. They are kept for 7 days."""

    data: list[LoggedRequest]
    next_cursor: str | None
