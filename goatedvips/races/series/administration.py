"""Series, the rules that make the next race, over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.conditions import IfMatch, version_of, version_tag
from goatedvips.kit.schemas import RowId
from goatedvips.races.engine import tick
from goatedvips.races.series import service
from goatedvips.races.series.schemas import (
    PreviewQuery,
    SeriesCreate,
    SeriesEdit,
    SeriesList,
    SeriesPreview,
    SeriesView,
)

_PATH = "/api/admin/race-series"


class SeriesAdministration:
    """What an administrator does with series."""

    def __init__(self, engine: AsyncEngine, gate: Gate, clock: Clock) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(
            prefix=_PATH,
            tags=["Administration"],
            dependencies=[self._gate.let(Permission.RACES_WRITE)],
        )
        shown: dict[str, Any] = {"response_model": SeriesView}
        done: dict[str, Any] = shown | {"methods": ["POST"]}
        add, one = router.add_api_route, "/{series_id}"
        add("", self.all, response_model=SeriesList, summary="All series")
        add("", self.create, status_code=201, summary="Make a series, and its first races", **done)
        add(one, self.show, summary="A series with its races that go on or are to come", **shown)
        add(one, self.edit, methods=["PATCH"], summary="Edit a series and its races to come", **shown)
        add(f"{one}/enable", self.enable, summary="Let a series make races again", **done)
        add(f"{one}/disable", self.disable, summary="Let a series make no more races", **done)
        add(f"{one}/preview", self.preview, response_model=SeriesPreview, summary="Its next races")
        return router

    async def all(self, who: Who) -> SeriesList:
        """List every series, on or off."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            return SeriesList(data=await service.list_series(connection, self._clock()))

    async def show(self, series_id: RowId, who: Who, response: Response) -> SeriesView:
        """Show a series; its tag is the version that an edit is held against."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            series = await service.show_series(connection, series_id, self._clock())
        response.headers["ETag"] = version_tag(series.version)
        return series

    async def create(self, wanted: SeriesCreate, who: Who, response: Response) -> SeriesView:
        """Make a series, the race that goes on by its rule, and the next one."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            series_id = await service.create_series(connection, wanted, actor=who.actor, now=self._clock())
        response.headers["Location"] = f"{_PATH}/{series_id}"
        return await self._shown(series_id, who, response)

    async def edit(
        self,
        series_id: RowId,
        change: SeriesEdit,
        who: Who,
        response: Response,
        if_match: IfMatch = None,
    ) -> SeriesView:
        """Change what is given, in the series and in its races that have not begun; others keep their rules.

        No start is moved, since the end of the race before is the next one's start.
        """
        async with acting(self._engine, "admin", who.user_id) as connection:
            await service.edit_series(
                connection,
                series_id,
                change,
                actor=who.actor,
                now=self._clock(),
                if_version=version_of(if_match),
            )
        return await self._shown(series_id, who, response)

    async def enable(
        self, series_id: RowId, who: Who, response: Response, if_match: IfMatch = None
    ) -> SeriesView:
        """Let a series make races from now on, none for the time in which it was off."""
        await self._switched(service.enable_series, series_id, who=who, if_match=if_match)
        return await self._shown(series_id, who, response)

    async def disable(
        self, series_id: RowId, who: Who, response: Response, if_match: IfMatch = None
    ) -> SeriesView:
        """Let a series make no more races. Those that are made stay until somebody cancels them."""
        await self._switched(service.disable_series, series_id, who=who, if_match=if_match)
        return await self._shown(series_id, who, response)

    async def preview(
        self, series_id: RowId, who: Who, query: Annotated[PreviewQuery, Query()]
    ) -> SeriesPreview:
        """Show its next races, made or to be made, and what an administrator should know of each."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            return await service.preview_of(connection, series_id, now=self._clock(), count=query.count)

    async def _switched(
        self, verb: Callable[..., Awaitable[None]], series_id: int, *, who: Who, if_match: str | None
    ) -> None:
        async with acting(self._engine, "admin", who.user_id) as connection:
            version = version_of(if_match)
            await verb(connection, series_id, actor=who.actor, now=self._clock(), if_version=version)

    async def _shown(self, series_id: int, who: Who, response: Response) -> SeriesView:
        # As a worker would, which need not be awake: so that the answer has the races that are due.
        async with acting(self._engine, "system") as connection:
            await tick(connection, self._clock())
        return await self.show(series_id, who, response)
