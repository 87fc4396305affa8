from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission, Role
from goatedvips.kit.acting import Acting, acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.pagination import Pagination, link_header
from goatedvips.kit.schemas import RowId
from goatedvips.linking import service
from goatedvips.linking.endpoints import fields
from goatedvips.linking.errors import RequestNotFound
from goatedvips.linking.repository import Links
from goatedvips.linking.schemas import Decision, LinkQueue, LinkQueueQuery, LinkRequestReview, Transfer

PATH = "/api/admin/link-requests"


class LinkAdministration:
    """Requests to be linked, for those who decide them."""

    def __init__(self, engine: AsyncEngine, gate: Gate, clock: Clock) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/api/admin", tags=["Administration"])
        review = [self._gate.let(Permission.LINKS_REVIEW)]
        write = [self._gate.let(Permission.USERS_WRITE)]
        add, shown = router.add_api_route, LinkRequestReview
        add("/link-requests", self.queue, response_model=LinkQueue, summary="Requests", dependencies=review)
        for path, verb, summary in (
            ("approve", self.approve, "Link the two of a request"),
            ("reject", self.reject, "Do not link the two of a request"),
        ):
            add(
                f"/link-requests/{{request_id}}/{path}",
                verb,
                methods=["POST"],
                response_model=shown,
                summary=summary,
                dependencies=review,
            )
        add(
            "/users/{user_id}/unlink",
            self.unlink,
            methods=["POST"],
            status_code=204,
            summary="Undo a user's link",
            dependencies=review,
        )
        add(
            "/players/{player_id}/transfer",
            self.transfer,
            methods=["POST"],
            status_code=204,
            summary="Give a player who is linked to another user",
            dependencies=write,
        )
        return router

    async def queue(
        self, query: Annotated[LinkQueueQuery, Query()], who: Who, response: Response
    ) -> LinkQueue:
        """List requests of a status, the oldest first."""
        async with acting(self._engine, _role(who), who.user_id) as connection:
            total, rows = await Links(connection).page(query.status, limit=query.limit, offset=query.offset)
        pagination = Pagination.of(total, query.page, query.limit)
        asked: dict[str, str | int] = {} if query.status is None else {"status": query.status}
        response.headers["Link"] = link_header(PATH, pagination, asked)
        names = LinkRequestReview.model_fields.keys()
        data = [LinkRequestReview.model_validate(fields(row, names)) for row in rows]
        return LinkQueue(data=data, pagination=pagination)

    async def approve(self, request_id: RowId, why: Decision, who: Who) -> LinkRequestReview:
        """Link user and player; 409 if either has another by now."""
        async with acting(self._engine, _role(who), who.user_id) as connection:
            await service.approve(
                connection, request_id, reason=why.reason, actor=who.actor, now=self._clock()
            )
        return await self._shown(request_id, who)

    async def reject(self, request_id: RowId, why: Decision, who: Who) -> LinkRequestReview:
        """Say no; the user reads why."""
        async with acting(self._engine, _role(who), who.user_id) as connection:
            await service.reject(
                connection, request_id, reason=why.reason, actor=who.actor, now=self._clock()
            )
        return await self._shown(request_id, who)

    async def unlink(self, user_id: RowId, why: Decision, who: Who) -> Response:
        """Take a user's player from him; results keep what they say."""
        async with acting(self._engine, _role(who), who.user_id) as connection:
            await service.unlink(connection, user_id, reason=why.reason, actor=who.actor, now=self._clock())
        return Response(status_code=204)

    async def transfer(self, player_id: RowId, wanted: Transfer, who: Who) -> Response:
        """Take a player from whoever has him and give him to this user, in one step."""
        async with acting(self._engine, _role(who), who.user_id) as connection:
            await service.transfer(
                connection,
                player_id,
                wanted.user_id,
                reason=wanted.reason,
                actor=who.actor,
                now=self._clock(),
            )
        return Response(status_code=204)

    async def _shown(self, request_id: int, who: Who) -> LinkRequestReview:
        async with acting(self._engine, _role(who), who.user_id) as connection:
            row = await Links(connection).one(request_id)
        if row is None:
            raise RequestNotFound(request_id)
        return LinkRequestReview.model_validate(fields(row, LinkRequestReview.model_fields.keys()))


def _role(who: Who) -> Acting:
    return "admin" if who.role is Role.ADMIN else "support"
