from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.cursors import next_link
from goatedvips.kit.downloads import CSV, sheet_of
from goatedvips.sync.logs import service
from goatedvips.sync.logs.schemas import (
    SyncLogFilter,
    SyncLogPage,
    SyncLogQuery,
    TransformationLogFilter,
    TransformationLogPage,
    TransformationLogQuery,
)

_RUNS = "/api/admin/sync-logs"
_TRANSFORMATIONS = "/api/admin/transformation-logs"


class SyncLogEndpoints:
    """Runs and their steps, for administrators."""

    def __init__(self, engine: AsyncEngine, gate: Gate) -> None:
        self._engine = engine
        self._gate = gate

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(tags=["Administration"], dependencies=[self._gate.let(Permission.LOGS_READ)])
        add = router.add_api_route
        as_csv: dict[str, Any] = {"response_class": Response, "responses": CSV}
        add(_RUNS, self.runs, response_model=SyncLogPage, summary="Runs, newest first")
        add(f"{_RUNS}.csv", self.run_sheet, summary="Runs as CSV", **as_csv)
        add(
            _TRANSFORMATIONS,
            self.transformations,
            response_model=TransformationLogPage,
            summary="Steps of runs, newest first",
        )
        add(
            f"{_TRANSFORMATIONS}.csv",
            self.transformation_sheet,
            summary="Steps of runs as CSV",
            **as_csv,
        )
        return router

    async def runs(
        self, query: Annotated[SyncLogQuery, Query()], who: Who, response: Response
    ) -> SyncLogPage:
        """Show a page of the runs that are asked for; a run that is added meanwhile moves none of them."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            page = await service.run_page(connection, query)
        response.headers.update(next_link(_RUNS, query, page.next_cursor))
        return page

    async def run_sheet(self, wanted: Annotated[SyncLogFilter, Query()], who: Who) -> Response:
        """Download all runs that are asked for; cells that a spreadsheet would run become plain text."""
        return await sheet_of(
            "sync-logs.csv",
            service.runs,
            wanted=wanted,
            within=partial(acting, self._engine, "admin", who.user_id),
            columns=service.RUN_COLUMNS,
            place=service.place,
        )

    async def transformations(
        self, query: Annotated[TransformationLogQuery, Query()], who: Who, response: Response
    ) -> TransformationLogPage:
        """Show a page of the steps that are asked for; a step that is added meanwhile moves none of them."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            page = await service.transformation_page(connection, query)
        response.headers.update(next_link(_TRANSFORMATIONS, query, page.next_cursor))
        return page

    async def transformation_sheet(
        self, wanted: Annotated[TransformationLogFilter, Query()], who: Who
    ) -> Response:
        """Download all steps that are asked for; cells that a spreadsheet would run become plain text."""
        return await sheet_of(
            "transformation-logs.csv",
            service.transformations,
            wanted=wanted,
            within=partial(acting, self._engine, "admin", who.user_id),
            columns=service.TRANSFORMATION_COLUMNS,
            place=service.place,
        )
