"""Files that are written while they are sent."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from starlette.responses import StreamingResponse

from goatedvips.kit.sheets import Line, lines

CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "A line a row"}
}
"""What an endpoint of a sheet documents as its answer."""


async def sheet(
    name: str, columns: Sequence[str], chunks: AsyncIterator[Iterable[Line]]
) -> StreamingResponse:
    """Return a CSV file, however many rows it has: no more than a chunk of them is held in memory.

    The first is asked for before anything is sent, so that what goes wrong then is an error still.
    """
    first = await anext(chunks, ())

    async def parts() -> AsyncIterator[str]:
        yield lines([columns, *first])
        async for rows in chunks:
            yield lines(rows)

    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(parts(), media_type="text/csv", headers=headers)
