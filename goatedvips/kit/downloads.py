"""Logs as files that are written while they are sent."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from pydantic.alias_generators import to_camel
from sqlalchemy import RowMapping
from starlette.responses import StreamingResponse

from goatedvips.kit.cursors import Place
from goatedvips.kit.sheets import lines

CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "A line a row"}
}
"""What an endpoint of a sheet documents as its answer."""

_AT_ONCE = 1000
"""Rows in memory."""


async def sheet_of(
    name: str,
    ask: Callable[[Place | None, int], Awaitable[Sequence[RowMapping]]],
    *,
    columns: Sequence[str],
    place: Callable[[RowMapping], Place],
) -> StreamingResponse:
    """Return a CSV file of a log, however many rows it has: few of them at a time are held in memory.

    `ask` gives the rows after a place. The first are asked for before anything is sent, so that what goes
    wrong then is an error still.
    """
    first = await ask(None, _AT_ONCE)

    async def parts() -> AsyncIterator[str]:
        yield lines([[to_camel(column) for column in columns]])
        rows = first
        while rows:
            yield lines([row[column] for column in columns] for row in rows)
            rows = await ask(place(rows[-1]), _AT_ONCE)

    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(parts(), media_type="text/csv", headers=headers)
