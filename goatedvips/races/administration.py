"""Races made, edited, cancelled, settled and looked after over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.idempotency.once import Act, Call, Keyed, once
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.conditions import IfMatch, version_of, version_tag
from goatedvips.kit.etag import fresh
from goatedvips.kit.pagination import link_header
from goatedvips.kit.schemas import RowId
from goatedvips.races.overview.schemas import OverviewQuery, RaceOverview, RaceOverviews
from goatedvips.races.overview.service import overview, overviews
from goatedvips.races.reading import RaceReader
from goatedvips.races.schemas import RaceCancel, WagerRaceCreate, WagerRaceEdit, WagerRaceResponse
from goatedvips.races.series.preview import preview_race
from goatedvips.races.series.schemas import RacePreview
from goatedvips.races.service import cancel_race, clone_race, create_race, edit_race
from goatedvips.races.settlement.schemas import RaceSettle
from goatedvips.races.settlement.service import settle, settle_late

_PATH = "/api/admin/wager-races"


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
            prefix=_PATH,
            tags=["Administration"],
            dependencies=[self._gate.let(Permission.RACES_WRITE)],
        )
        add, one = router.add_api_route, "/{race_id}"
        shown: dict[str, Any] = {"response_model": WagerRaceResponse}
        post = shown | {"methods": ["POST"]}
        add("", self.races, response_model=RaceOverviews, summary="All races, and what they owe")
        add("", self.create, status_code=201, summary="Make a race", **post)
        add(
            "/preview",
            self.preview,
            methods=["POST"],
            response_model=RacePreview,
            summary="Show what a race would be, and make none",
        )
        add(one, self.race, response_model=RaceOverview, summary="A race with its terms and what it owes")
        add(one, self.edit, methods=["PATCH"], summary="Edit a race that has not begun", **shown)
        add(f"{one}/clone", self.clone, status_code=201, summary="Make a race under another's terms", **post)
        add(f"{one}/cancel", self.cancel, summary="Cancel a scheduled or live race", **post)
        add(f"{one}/settle", self.settle, summary="Settle a race that has ended", **post)
        return router

    async def races(
        self, who: Who, query: Annotated[OverviewQuery, Query()], response: Response
    ) -> RaceOverviews:
        """List races of any status, newest first: which are overdue, and what each owes."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            page = await overviews(connection, query, self._clock())
        asked = query.model_dump(include={"status", "type"}, exclude_none=True)
        response.headers["Link"] = link_header(_PATH, page.pagination, asked)
        return page

    async def race(self, race_id: RowId, who: Who, response: Response) -> RaceOverview:
        """Show a race; its tag is the version that an edit is held against."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            found = await overview(connection, race_id, self._clock())
        response.headers["ETag"] = version_tag(found.version)
        return found

    async def create(self, race: WagerRaceCreate, call: Keyed) -> Response:
        """Make a race of its own, apart from the series.

        A start in the past is allowed: the race then counts from the first report at or after it.
        """

        async def act(connection: AsyncConnection) -> Response:
            race_id = await create_race(connection, race, actor=call.who.actor, now=self._clock())
            return await self._made(race_id, connection)

        return await self._once(call, act)

    async def clone(self, race_id: RowId, wanted: WagerRaceEdit, call: Keyed) -> Response:
        """Make a special race under another's terms, with new dates and whatever else is to differ."""

        async def act(connection: AsyncConnection) -> Response:
            made = await clone_race(connection, race_id, wanted, actor=call.who.actor, now=self._clock())
            return await self._made(made, connection)

        return await self._once(call, act)

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

    async def settle(self, race_id: RowId, wanted: RaceSettle, call: Keyed) -> Response:
        """Settle a race that has ended; workers do it by themselves, as soon as its last report has come.

        With `onLastRun` an overdue race ends with the last report there is. With `dryRun` the result is
        shown and nothing is written.
        """

        async def act(connection: AsyncConnection) -> Response:
            async with connection.begin_nested() as trial:
                now, actor = self._clock(), call.who.actor
                if wanted.on_last_run:
                    reason = wanted.reason or ""
                    await settle_late(connection, race_id, reason=reason, now=now, actor=actor)
                else:
                    await settle(connection, race_id, now=now, actor=actor)
                shown = fresh(await self._reader.changed(race_id, connection))
                if wanted.dry_run:
                    await trial.rollback()
            return shown

        return await self._once(call, act)

    async def _once(self, call: Call, act: Act) -> Response:
        self._reader.require_boards()
        return await once(self._engine, call, role="admin", now=self._clock(), act=act)

    async def _made(self, race_id: int, connection: AsyncConnection) -> Response:
        response = fresh(await self._reader.changed(race_id, connection))
        response.status_code = 201
        response.headers["Location"] = f"/api/wager-races/{race_id}"
        return response

    async def _shown(self, race_id: int) -> Response:
        # After the commit, since the audit log's turn is not to be held any longer; and not from a replica.
        async with self._engine.connect() as connection:
            return fresh(await self._reader.changed(race_id, connection))
