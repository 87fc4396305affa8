"""Races made, edited and cancelled over HTTP."""

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.conditions import IfMatch, version_of
from goatedvips.kit.schemas import RowId
from goatedvips.races.reading import RaceReader
from goatedvips.races.schemas import RaceCancel, WagerRaceCreate, WagerRaceEdit, WagerRaceResponse
from goatedvips.races.series.preview import preview_race
from goatedvips.races.series.schemas import RacePreview
from goatedvips.races.service import cancel_race, create_race, edit_race


class RaceAdministration:
    """What an administrator does with races."""

    def __init__(self, engine: AsyncEngine, reader: RaceReader, gate: Gate, clock: Clock) -> None:
        self._engine = engine
        self._reader = reader
        self._gate = gate
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(
            prefix="/api/admin/wager-races",
            tags=["Administration"],
            dependencies=[self._gate.let(Permission.RACES_WRITE)],
        )
        add = router.add_api_route
        shown = WagerRaceResponse
        add("", self.create, methods=["POST"], status_code=201, response_model=shown, summary="Make a race")
        add(
            "/preview",
            self.preview,
            methods=["POST"],
            response_model=RacePreview,
            summary="Show what a race would be, and make none",
        )
        add(
            "/{race_id}",
            self.edit,
            methods=["PATCH"],
            response_model=shown,
            summary="Edit a race that has not begun",
        )
        add(
            "/{race_id}/cancel",
            self.cancel,
            methods=["POST"],
            response_model=shown,
            summary="Cancel a scheduled or live race",
        )
        return router

    async def create(self, race: WagerRaceCreate, who: Who) -> Response:
        """Make a race of its own, apart from the series.

        A start in the past is allowed: the race then counts from the first report at or after it.
        """
        self._reader.require_boards()
        async with acting(self._engine, "admin", who.user_id) as connection:
            race_id = await create_race(connection, race, actor=who.actor, now=self._clock())
        response = await self._shown(race_id)
        response.status_code = 201
        response.headers["Location"] = f"/api/wager-races/{race_id}"
        return response

    async def preview(self, race: WagerRaceCreate) -> RacePreview:
        """Show its length, local times, what each place is paid, and what an administrator should know."""
        return preview_race(race, self._clock())

    async def edit(
        self, race_id: RowId, change: WagerRaceEdit, who: Who, if_match: IfMatch = None
    ) -> Response:
        """Change what is given; of a race of a series neither start, end nor type. 409 once it has begun."""
        self._reader.require_boards()
        async with acting(self._engine, "admin", who.user_id) as connection:
            await edit_race(
                connection,
                race_id,
                change,
                actor=who.actor,
                now=self._clock(),
                if_version=version_of(if_match),
            )
        return await self._shown(race_id)

    async def cancel(self, race_id: RowId, why: RaceCancel, who: Who) -> Response:
        """Cancel a race; 409 once it is settled."""
        self._reader.require_boards()
        async with acting(self._engine, "admin", who.user_id) as connection:
            await cancel_race(connection, race_id, reason=why.reason, actor=who.actor, now=self._clock())
        return await self._shown(race_id)

    async def _shown(self, race_id: int) -> Response:
        # After the commit, since the audit log's turn is not to be held any longer; and not from a replica.
        async with self._engine.connect() as connection:
            ready = await self._reader.changed(race_id, connection)
        return Response(ready.body, media_type="application/json", headers={"ETag": ready.etag})
