"""Looking at who asked what."""

from collections.abc import Sequence

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.cursors import Place, cut, instant_of, microseconds, read_cursor
from goatedvips.request_log.repository import RequestLog
from goatedvips.request_log.schemas import LoggedRequest, RequestLogFilter, RequestLogPage, RequestLogQuery

COLUMNS = tuple(LoggedRequest.model_fields)


async def page(connection: AsyncConnection, query: RequestLogQuery) -> RequestLogPage:
    """Return a page of what was asked, newest first; raise `BadInput` for a cursor that is none of ours."""
    after = read_cursor(query.cursor, numbers=2)
    rows = await requests(connection, query, after=after, many=query.limit + 1)
    shown, following = cut(rows, query.limit, place=place)
    return RequestLogPage(data=[LoggedRequest(**row) for row in shown], next_cursor=following)


async def requests(
    connection: AsyncConnection, wanted: RequestLogFilter, *, after: Place | None, many: int
) -> Sequence[RowMapping]:
    """Return the newest requests that are wanted and come after a place."""
    lowest, highest = wanted.statuses
    values = {
        "lowest": lowest,
        "highest": highest,
        "method": wanted.method,
        "path": wanted.path,
        "user": wanted.user,
        "api_key": wanted.api_key,
        "request_id": wanted.request_id,
        "slower_than": wanted.slower_than,
        "from": wanted.from_,
        "to": wanted.to,
    }
    below = None if after is None else (instant_of(after[0]), after[1])
    return await RequestLog(connection).page(values, after=below, many=many)


def place(row: RowMapping) -> Place:
    """Return where a request stands: at its instant, and among those of the same one by number."""
    return microseconds(row["at"]), row["id"]
