"""Looking back at runs, and at what each made of its report."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.cursors import Place, cut, read_cursor
from goatedvips.sync.logs.repository import SyncLogs
from goatedvips.sync.logs.schemas import (
    SyncLogEntry,
    SyncLogFilter,
    SyncLogPage,
    SyncLogQuery,
    TransformationLogEntry,
    TransformationLogFilter,
    TransformationLogPage,
    TransformationLogQuery,
)

RUN_COLUMNS = tuple(SyncLogEntry.model_fields)
TRANSFORMATION_COLUMNS = tuple(TransformationLogEntry.model_fields)


async def run_page(connection: AsyncConnection, query: SyncLogQuery) -> SyncLogPage:
    """Return a page of runs, newest first; raise `BadInput` for a cursor that is none of ours."""
    rows = await runs(connection, query, after=read_cursor(query.cursor), many=query.limit + 1)
    shown, following = cut(rows, query.limit, place=place)
    return SyncLogPage(data=[SyncLogEntry(**row) for row in shown], next_cursor=following)


async def runs(
    connection: AsyncConnection, wanted: SyncLogFilter, *, after: Place | None, many: int
) -> Sequence[RowMapping]:
    """Return the newest runs that are wanted and come after a place."""
    return await SyncLogs(connection).runs(_values(wanted), after=_number(after), many=many)


async def transformation_page(
    connection: AsyncConnection, query: TransformationLogQuery
) -> TransformationLogPage:
    """Return a page of steps, newest first; raise `BadInput` for a cursor that is none of ours."""
    rows = await transformations(connection, query, after=read_cursor(query.cursor), many=query.limit + 1)
    shown, following = cut(rows, query.limit, place=place)
    return TransformationLogPage(data=[TransformationLogEntry(**row) for row in shown], next_cursor=following)


async def transformations(
    connection: AsyncConnection, wanted: TransformationLogFilter, *, after: Place | None, many: int
) -> Sequence[RowMapping]:
    """Return the newest steps that are wanted and come after a place."""
    values = {**_values(wanted), "run": wanted.run}
    return await SyncLogs(connection).transformations(values, after=_number(after), many=many)


def place(row: RowMapping) -> Place:
    """Return where a run or a step stands."""
    return (row["id"],)


def _number(after: Place | None) -> int | None:
    return None if after is None else after[0]


def _values(wanted: SyncLogFilter | TransformationLogFilter) -> dict[str, Any]:
    return {"status": wanted.status, "type": wanted.type, "from": wanted.from_, "to": wanted.to}
