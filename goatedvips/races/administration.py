"""Races made, edited and cancelled over HTTP, by whoever holds the installation's administration token."""

import re
from hmac import compare_digest
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import Field, SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import Forbidden, NotSignedIn
from goatedvips.races.reading import RaceReader
from goatedvips.races.schemas import RaceCancel, WagerRaceCreate, WagerRaceEdit, WagerRaceResponse
from goatedvips.races.series.preview import preview_race
from goatedvips.races.series.schemas import RacePreview
from goatedvips.races.service import cancel_race, create_race, edit_race

_BEARER = HTTPBearer(auto_error=False, description="GOATEDVIPS_ADMIN_TOKEN of this installation")
_ACTOR = "token"
"""Who holds the token has no name here."""

_VERSION = re.compile(r'"(\d{1,9})"', re.ASCII)
_NO_VERSION = -1

RaceId = Annotated[int, Field(ge=1, lt=2**63)]
IfMatch = Annotated[
    str | None, Header(description='The race\'s version as `ETag` gave it, like `"3"`; 412 if it is another')
]


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

    async def create(self, race: WagerRaceCreate) -> Response:
        """Make a race of its own, apart from the series.

        A start in the past is allowed: the race then counts from the first report at or after it.
        """
        self._reader.require_boards()
        async with self._engine.begin() as connection:
            race_id = await create_race(connection, race, actor=_ACTOR, now=self._clock())
        response = await self._shown(race_id)
        response.status_code = 201
        response.headers["Location"] = f"/api/wager-races/{race_id}"
        return response

    async def preview(self, race: WagerRaceCreate) -> RacePreview:
        """Show its length, local times, what each place is paid, and what an administrator should know."""
        return preview_race(race, self._clock())

    async def edit(self, race_id: RaceId, change: WagerRaceEdit, if_match: IfMatch = None) -> Response:
        """Change what is given; of a race of a series neither start, end nor type. 409 once it has begun."""
        self._reader.require_boards()
        async with self._engine.begin() as connection:
            await edit_race(
                connection,
                race_id,
                change,
                actor=_ACTOR,
                now=self._clock(),
                if_version=_version(if_match),
            )
        return await self._shown(race_id)

    async def cancel(self, race_id: RaceId, why: RaceCancel) -> Response:
        """Cancel a race; 409 once it is settled."""
        self._reader.require_boards()
        async with self._engine.begin() as connection:
            await cancel_race(connection, race_id, reason=why.reason, actor=_ACTOR, now=self._clock())
        return await self._shown(race_id)

    async def _shown(self, race_id: int) -> Response:
        # After the commit, since the audit log's turn is not to be held any longer; and not from a replica.
        async with self._engine.connect() as connection:
            ready = await self._reader.changed(race_id, connection)
        return Response(ready.body, media_type="application/json", headers={"ETag": ready.etag})

    async def _admit(self, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> None:
        if self._token is None:
            raise Forbidden("Administration over HTTP is off: GOATEDVIPS_ADMIN_TOKEN is not set.")
        if given is None:
            raise NotSignedIn("Send the administration token as `Authorization: Bearer …`.")
        if not compare_digest(given.credentials.encode(), self._token.get_secret_value().encode()):
            raise NotSignedIn("This is not the administration token.")


def _version(if_match: str | None) -> int | None:
    """Read the version that a caller saw; a tag that is no version of ours matches none."""
    if if_match is None or if_match.strip() == "*":
        return None
    tag = _VERSION.fullmatch(if_match.strip())
    return int(tag[1]) if tag else _NO_VERSION
