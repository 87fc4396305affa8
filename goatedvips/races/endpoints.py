from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from goatedvips.kit.etag import answer
from goatedvips.kit.ready_route import ReadyRoute
from goatedvips.leaderboards.service import kept_from_others
from goatedvips.players.errors import PersonNotFound
from goatedvips.races.reading import RaceReader
from goatedvips.races.schemas import (
    PositionQuery,
    RaceListQuery,
    RacePosition,
    RaceStandings,
    RaceTypeQuery,
    StandingsQuery,
    WagerRaceList,
    WagerRaceResponse,
)
from goatedvips.realtime.options import Identify

_ROOT = "/api/wager-races"
_CSV = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "One row a standing"}}


class RaceEndpoints:
    """Races as the wire gives them."""

    def __init__(self, reader: RaceReader, identify: Identify) -> None:
        self._reader = reader
        self._identify = identify

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix=_ROOT, route_class=ReadyRoute, tags=["Races"])
        add = router.add_api_route
        add("", self.races, response_model=WagerRaceList, summary="Races, newest first")
        add("/current", self.current, response_model=WagerRaceResponse, summary="The race that goes on")
        add("/previous", self.previous, response_model=WagerRaceResponse, summary="The race that ended last")
        add("/{race_id}", self.race, response_model=WagerRaceResponse, summary="One race")
        add("/{race_id}/standings", self.standings, response_model=RaceStandings, summary="All standings")
        add(
            "/{race_id}/standings.csv",
            self.standings_csv,
            response_class=Response,
            responses=_CSV,  # type: ignore[arg-type]
            summary="All standings as CSV",
        )
        add(
            "/{race_id}/position/{person}",
            self.position,
            response_model=RacePosition,
            summary="Where one person stands",
        )
        return router

    async def races(self, request: Request, query: Annotated[RaceListQuery, Query()]) -> Response:
        """List races of a status or type."""
        return answer(request, await self._reader.list(query))

    async def current(self, request: Request, query: Annotated[RaceTypeQuery, Query()]) -> Response:
        """Show the race of a type that goes on now; 404 if there is none."""
        return answer(request, await self._reader.current(query.type))

    async def previous(self, request: Request, query: Annotated[RaceTypeQuery, Query()]) -> Response:
        """Show the race of a type that ended last; 404 if there is none."""
        return answer(request, await self._reader.previous(query.type))

    async def race(self, request: Request, race_id: int) -> Response:
        """Show a race with its first 100 standings."""
        return answer(request, await self._reader.page(race_id))

    async def standings(
        self, request: Request, race_id: int, query: Annotated[StandingsQuery, Query()]
    ) -> Response:
        """Show a page of all standings."""
        return answer(request, await self._reader.standings(race_id, query))

    async def standings_csv(self, request: Request, race_id: int) -> Response:
        """Download all standings; cells that a spreadsheet would run as formulas are made plain text."""
        ready, name = await self._reader.csv(race_id)
        response = answer(request, ready, media_type="text/csv")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    async def position(
        self, request: Request, race_id: int, person: str, query: Annotated[PositionQuery, Query()]
    ) -> Response:
        """Show a person's place (user id, player id or uid), what he lacks to the next, and why."""
        try:
            return answer(request, await self._reader.position(race_id, person, explained=query.explain))
        except PersonNotFound:
            viewer = await self._identify(request)
            if viewer is None:
                raise
        # Whoever is hidden finds himself all the same.
        own = await self._reader.position(race_id, person, viewer=viewer, explained=query.explain)
        return answer(request, kept_from_others(own))
