"""Who takes part in a race, keeping somebody out and letting him in again, over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.idempotency.once import Call, Keyed, once
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.etag import fresh
from goatedvips.kit.pagination import link_header
from goatedvips.kit.schemas import RowId
from goatedvips.players.errors import PersonNotFound
from goatedvips.players.exclusions import Exclusions
from goatedvips.races.participants.schemas import ExclusionReason, ParticipantPage, ParticipantsQuery
from goatedvips.races.participants.service import participants
from goatedvips.races.reading import RaceReader
from goatedvips.races.schemas import WagerRaceResponse
from goatedvips.races.settlement import exclusion

_PATH = "/api/admin/wager-races/{race_id}/participants"
_Player = Annotated[str, Path(description="His number or uid", max_length=64)]


class ParticipantAdministration:
    """What an administrator does about who takes part in a race."""

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
        write: dict[str, Any] = {"methods": ["POST"], "response_model": WagerRaceResponse}
        add = router.add_api_route
        add("", self.all, response_model=ParticipantPage, summary="Who takes part, the excluded too")
        add("/{player}/exclude", self.exclude, summary="Let a player take no place in a race", **write)
        add("/{player}/restore", self.restore, summary="Let an excluded player take part again", **write)
        return router

    async def all(
        self, race_id: RowId, who: Who, query: Annotated[ParticipantsQuery, Query()], response: Response
    ) -> ParticipantPage:
        """List who takes part, those with a place first, and what keeps the others out."""
        self._reader.require_boards()
        async with acting(self._engine, "admin", who.user_id) as connection:
            race = await self._reader.fresh(race_id, connection)
            page = await participants(connection, race, query, now=self._clock())
        asked: dict[str, str | int] = {"search": query.search} if query.search else {}
        response.headers["Link"] = link_header(_PATH.format(race_id=race_id), page.pagination, asked)
        return page

    async def exclude(self, race_id: RowId, player: _Player, why: ExclusionReason, call: Keyed) -> Response:
        """Let a player take no place; in a settled race that is a new version of its result.

        What he was awarded and not paid is rejected: it is forfeited, or others move up.
        """
        return await self._changed(race_id, player, verb=exclusion.exclude, reason=why.reason, call=call)

    async def restore(self, race_id: RowId, player: _Player, why: ExclusionReason, call: Keyed) -> Response:
        """Let an excluded player take part again; 409 in a race that is settled or cancelled."""
        return await self._changed(race_id, player, verb=exclusion.restore, reason=why.reason, call=call)

    async def _changed(
        self, race_id: int, player: str, *, verb: Callable[..., Awaitable[None]], reason: str, call: Call
    ) -> Response:
        """Do something about a player once, and show the race."""
        self._reader.require_boards()

        async def act(connection: AsyncConnection) -> Response:
            player_id = await Exclusions(connection).player(player)
            if player_id is None:
                raise PersonNotFound(player)
            await verb(connection, race_id, player_id, reason=reason, actor=call.who.actor, now=self._clock())
            return fresh(await self._reader.changed(race_id, connection))

        return await once(self._engine, call, role="admin", now=self._clock(), act=act)
