"""Races made and cancelled over HTTP, by whoever holds the installation's administration token."""

from hmac import compare_digest
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import Field, SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import Forbidden, NotSignedIn
from goatedvips.races.reading import RaceReader
from goatedvips.races.schemas import RaceCancel, WagerRaceCreate, WagerRaceResponse
from goatedvips.races.service import cancel_race, create_race
from goatedvips.realtime.announce import announce

_BEARER = HTTPBearer(auto_error=False, description="GOATEDVIPS_ADMIN_TOKEN of this installation")


class RaceAdministration:
    """The verbs of an administrator. Without a token in the settings they are shut."""

    def __init__(
        self, engine: AsyncEngine, reader: RaceReader, *, token: SecretStr | None, clock: Clock
    ) -> None:
        self._engine = engine
        self._reader = reader
        self._token = token
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(
            prefix="/api/admin/wager-races", tags=["Administration"], dependencies=[Depends(self._admit)]
        )
        router.add_api_route(
            "",
            self.create,
            methods=["POST"],
            status_code=201,
            response_model=WagerRaceResponse,
            summary="Make a race",
        )
        router.add_api_route(
            "/{race_id}/cancel",
            self.cancel,
            methods=["POST"],
            response_model=WagerRaceResponse,
            summary="Cancel a scheduled or live race",
        )
        return router

    async def create(self, race: WagerRaceCreate) -> Response:
        """Make a race of its own, apart from the series.

        A start in the past is allowed: the race then counts from the first report at or after it.
        """
        async with self._engine.begin() as connection:
            race_id = await create_race(connection, race, now=self._clock())
            await announce(connection, f"race:{race_id}")
            ready = await self._reader.changed(race_id, connection)
        return Response(
            ready.body,
            status_code=201,
            media_type="application/json",
            headers={"Location": f"/api/wager-races/{race_id}"},
        )

    async def cancel(self, race_id: Annotated[int, Field(ge=1, lt=2**63)], why: RaceCancel) -> Response:
        """Cancel a race; 409 once it is over."""
        async with self._engine.begin() as connection:
            await cancel_race(connection, race_id, reason=why.reason, now=self._clock())
            await announce(connection, f"race:{race_id}")
            ready = await self._reader.changed(race_id, connection)
        return Response(ready.body, media_type="application/json")

    async def _admit(self, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> None:
        if self._token is None:
            raise Forbidden("Administration over HTTP is off: GOATEDVIPS_ADMIN_TOKEN is not set.")
        if given is None:
            raise NotSignedIn("Send the administration token as `Authorization: Bearer …`.")
        if not compare_digest(given.credentials.encode(), self._token.get_secret_value().encode()):
            raise NotSignedIn("This is not the administration token.")
