"""Logs as files that are written while they are sent."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from pydantic.alias_generators import to_camel
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import StreamingResponse

from goatedvips.kit.cursors import Place
from goatedvips.kit.sheets import lines

CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "A line a row"}
}
"""What an endpoint of a sheet documents as its answer."""

_AT_ONCE = 1000
"""Rows in memory."""

Wanted_contra = TypeVar("Wanted_contra", contravariant=True)


class Ask(Protocol[Wanted_contra]):
    """Reads so many rows of a log that are wanted, after a place."""

    async def __call__(
        self, connection: AsyncConnection, wanted: Wanted_contra, /, *, after: Place | None, many: int
    ) -> Sequence[RowMapping]:
        """Return the rows."""
        ...


async def sheet_of(
    name: str,
    ask: Ask[Wanted_contra],
    *,
    wanted: Wanted_contra,
    within: Callable[[], AbstractAsyncContextManager[AsyncConnection]],
    columns: Sequence[str],
    place: Callable[[RowMapping], Place],
) -> StreamingResponse:
    """Return a CSV file of a log, however many rows it has: few of them at a time are held in memory.

    `within` begins a transaction. The first rows are asked for before anything is sent, so that what goes
    wrong then is an error still.
    """

    async def rows_after(after: Place | None) -> Sequence[RowMapping]:
        # Each in a transaction of its own: none lasts as long as somebody takes to download.
        async with within() as connection:
            return await ask(connection, wanted, after=after, many=_AT_ONCE)

    first = await rows_after(None)

    async def parts() -> AsyncIterator[str]:
        yield lines([[to_camel(column) for column in columns]])
        rows = first
        while rows:
            yield lines([row[column] for column in columns] for row in rows)
            rows = await rows_after(place(rows[-1]))

    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(parts(), media_type="text/csv", headers=headers)
