from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from goatedvips.kit.downloads import CSV
from goatedvips.kit.etag import answer
from goatedvips.kit.ready_route import ReadyRoute
from goatedvips.leaderboards import service
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.leaderboards.past import PastBoards
from goatedvips.leaderboards.people import seen_slot, slot_of
from goatedvips.leaderboards.schemas import (
    AroundQuery,
    LeaderboardAround,
    LeaderboardData,
    LeaderboardQuery,
    SheetQuery,
)
from goatedvips.leaderboards.sheet import sheet, sheet_name
from goatedvips.realtime.options import Identify


class LeaderboardEndpoints:
    """Boards as the wire gives them."""

    def __init__(
        self, keeper: BoardKeeper, past: PastBoards, engine: AsyncEngine, identify: Identify
    ) -> None:
        self._keeper = keeper
        self._past = past
        self._engine = engine
        self._identify = identify

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(route_class=ReadyRoute, tags=["Leaderboards"])
        router.add_api_route(
            service.PATH, self.leaderboard, response_model=LeaderboardData, summary="A page of a board"
        )
        router.add_api_route(
            f"{service.PATH}.csv",
            self.csv,
            response_class=Response,
            responses=CSV,
            summary="Everybody who is ranked, as CSV",
        )
        router.add_api_route(
            f"{service.PATH}/around/{{person}}",
            self.around,
            response_model=LeaderboardAround,
            summary="The rows around one person",
        )
        return router

    async def leaderboard(self, request: Request, query: Annotated[LeaderboardQuery, Query()]) -> Response:
        """Rank players by what they wagered in a window; equal amounts by who reached them first."""
        present = self._keeper.boards
        boards = present if query.as_of is None else await self._past.at(query.as_of)
        if query.search is None:
            ready = service.page(boards, query)
        else:
            ready = await service.search(boards, query, self._engine)
        # What is of the newest run can still be of a later one: its report may be on its way.
        return answer(request, ready if boards.number == present.number else service.lasting(ready))

    async def csv(self, _request: Request, query: Annotated[SheetQuery, Query()]) -> StreamingResponse:
        """Download a window's board at one version; no cell is run as a formula by a spreadsheet."""
        boards = self._keeper.boards
        headers = {"Content-Disposition": f'attachment; filename="{sheet_name(boards, query.period)}"'}
        return StreamingResponse(sheet(boards, query.period), media_type="text/csv", headers=headers)

    async def around(self, request: Request, person: str, query: Annotated[AroundQuery, Query()]) -> Response:
        """Show a person (user id, player id or uid) with his neighbours."""
        boards = self._keeper.boards
        slot = slot_of(boards, person)
        if slot is not None and not boards.faces.is_hidden(int(boards.ids[slot])):
            return answer(request, service.around(boards, slot, person, query))
        # Only whoever is hidden himself is told where he stands, and no cache between us learns it.
        own = seen_slot(boards, person, await self._identify(request))
        return answer(request, service.kept_from_others(service.around(boards, own, person, query)))
