import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from goatedvips.kit.etag import Ready, answer, of_bytes
from goatedvips.kit.ready_route import ReadyRoute
from goatedvips.kit.schemas import Schema
from goatedvips.races.calendar_feed.ical import as_calendar
from goatedvips.races.calendar_feed.repository import FeedRows
from goatedvips.races.schemas import RaceType

PAST = 100
"""Races that are over and still shown."""

_ICS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {"schema": {"type": "string"}}}, "description": "One event a race"}
}


class FeedQuery(Schema):
    """Of which type; all if none is given."""

    type: RaceType | None = None


class CalendarEndpoints:
    """Races as a calendar to subscribe to, encoded once per version of the list."""

    def __init__(self, engine: AsyncEngine, *, public_url: str | None) -> None:
        self._engine = engine
        self._public_url = public_url
        self._ready: dict[str | None, tuple[int, Ready]] = {}

    def router(self) -> APIRouter:
        """Return the route."""
        router = APIRouter(prefix="/api", route_class=ReadyRoute, tags=["Races"])
        router.add_api_route(
            "/wager-races.ics",
            self.calendar,
            response_class=Response,
            responses=_ICS,
            summary="Races as a calendar (iCalendar)",
        )
        return router

    async def calendar(self, request: Request, query: Annotated[FeedQuery, Query()]) -> Response:
        """Subscribe to the races that are to come, that go on, and the last 100 that are over."""
        response = answer(request, await self._feed(query.type), media_type="text/calendar")
        response.headers["Content-Disposition"] = 'inline; filename="wager-races.ics"'
        return response

    async def _feed(self, race_type: str | None) -> Ready:
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            rows = FeedRows(connection)
            version = await rows.version()
            held = self._ready.get(race_type)
            if held is not None and held[0] == version:
                return held[1]
            races = await rows.races(race_type, past=PAST)
        # Some tens of milliseconds: not on the loop.
        body = await asyncio.to_thread(as_calendar, races, public_url=self._public_url)
        made = of_bytes(body)
        self._ready[race_type] = (version, made)
        return made
