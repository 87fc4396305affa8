from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.cursors import next_link
from goatedvips.kit.downloads import CSV, sheet_of
from goatedvips.request_log import service
from goatedvips.request_log.schemas import RequestLogFilter, RequestLogPage, RequestLogQuery

_PATH = "/api/admin/request-logs"


class RequestLogEndpoints:
    """Who asked what, for administrators."""

    def __init__(self, engine: AsyncEngine, gate: Gate) -> None:
        self._engine = engine
        self._gate = gate

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(tags=["Administration"], dependencies=[self._gate.let(Permission.LOGS_READ)])
        add = router.add_api_route
        add(_PATH, self.page, response_model=RequestLogPage, summary="API requests, newest first")
        add(
            f"{_PATH}.csv",
            self.sheet,
            response_class=Response,
            responses=CSV,
            summary="API requests as CSV",
        )
        return router

    async def page(
        self, query: Annotated[RequestLogQuery, Query()], who: Who, response: Response
    ) -> RequestLogPage:
        """Show a page of the requests that are asked for; what is logged meanwhile moves none of them."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            found = await service.page(connection, query)
        response.headers.update(next_link(_PATH, query, found.next_cursor))
        return found

    async def sheet(self, wanted: Annotated[RequestLogFilter, Query()], who: Who) -> Response:
        """Download all requests that are asked for; cells that a spreadsheet would run become plain text."""
        return await sheet_of(
            "request-logs.csv",
            service.requests,
            wanted=wanted,
            within=partial(acting, self._engine, "admin", who.user_id),
            columns=service.COLUMNS,
            place=service.place,
        )
