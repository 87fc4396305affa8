"""Pages of a list: `page` from 1, `limit` from 1 to 100."""

from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field

from goatedvips.kit.schemas import Schema

MAX_LIMIT = 100


class Pagination(Schema):
    """Where a page stands in its list."""

    total: int
    page: int
    limit: int
    pages: int

    @classmethod
    def of(cls, total: int, page: int, limit: int) -> "Pagination":
        """Count the pages of `limit` rows that `total` rows make."""
        return cls(total=total, page=page, limit=limit, pages=-(-total // limit))


class PageQuery(Schema):
    """The part of a query string that chooses a page."""

    page: Annotated[int, Field(ge=1, le=1_000_000_000, description="From 1")] = 1
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="Rows on a page")] = 50

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * self.limit


def link_header(path: str, pagination: Pagination, query: dict[str, str | int]) -> str:
    """Return the `Link` header (RFC 8288) to the first, previous, next and last page."""
    last = max(pagination.pages, 1)
    targets = {
        "first": 1,
        "prev": pagination.page - 1 if 1 < pagination.page <= last + 1 else None,
        "next": pagination.page + 1 if pagination.page < last else None,
        "last": last,
    }
    return ", ".join(
        f'<{path}?{urlencode(query | {"page": page, "limit": pagination.limit})}>; rel="{rel}"'
        for rel, page in targets.items()
        if page is not None
    )
