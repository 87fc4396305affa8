from typing import Any

from fastapi import APIRouter
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.money import from_units
from goatedvips.kit.schemas import RowId
from goatedvips.linking import service
from goatedvips.linking.errors import RequestNotFound, SignaturesOff
from goatedvips.linking.repository import Links
from goatedvips.linking.schemas import LinkRequestCreate, LinkRequestList, LinkRequestView, SignatureView


class LinkingEndpoints:
    """One's own link to a player."""

    def __init__(self, engine: AsyncEngine, gate: Gate, clock: Clock, *, by_wager: bool) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock
        self._by_wager = by_wager

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(
            prefix="/api/account",
            tags=["Accounts"],
            dependencies=[self._gate.let(Permission.OWN, browsers_only=True)],
        )
        add, path = router.add_api_route, "/link-requests"
        shown = LinkRequestView
        add(path, self.ask, methods=["POST"], status_code=201, response_model=shown, summary="Ask for a link")
        add(path, self.requests, response_model=LinkRequestList, summary="My requests, newest first")
        add(
            f"{path}/{{request_id}}",
            self.withdraw,
            methods=["DELETE"],
            status_code=204,
            summary="Take a request back",
        )
        add(
            f"{path}/{{request_id}}/signature",
            self.sign,
            methods=["POST"],
            response_model=shown,
            summary="Prove a request by two small wagers",
        )
        add("/link", self.unlink, methods=["DELETE"], status_code=204, summary="Undo my link")
        return router

    async def ask(self, wanted: LinkRequestCreate, who: Who) -> LinkRequestView:
        """Say which player I am, by name or uid; staff review it, or two wagers prove it where that is on."""
        async with acting(self._engine, "user", who.user_id) as connection:
            request_id = await service.ask(connection, who.user_id, wanted, now=self._clock())
        return await self._shown(request_id, who)

    async def requests(self, who: Who) -> LinkRequestList:
        """Show what I asked for, and what became of it."""
        async with acting(self._engine, "user", who.user_id) as connection:
            rows = await Links(connection).of_user(who.user_id)
        return LinkRequestList(data=[view(row) for row in rows])

    async def withdraw(self, request_id: RowId, who: Who) -> Response:
        """Withdraw a request that waits."""
        async with acting(self._engine, "user", who.user_id) as connection:
            await service.withdraw(connection, request_id, who.user_id, now=self._clock())
        return Response(status_code=204)

    async def sign(self, request_id: RowId, who: Who) -> LinkRequestView:
        """Get two amounts to wager within a day, each alone between two reports; then the link is made."""
        if not self._by_wager:
            raise SignaturesOff
        # As the program: what others were asked of the same player counts too.
        async with acting(self._engine, "system") as connection:
            await service.ask_for_signature(connection, request_id, who.user_id, now=self._clock())
        return await self._shown(request_id, who)

    async def unlink(self, who: Who) -> Response:
        """Be linked to no player any more; results keep what they say."""
        async with acting(self._engine, "user", who.user_id) as connection:
            await service.unlink(connection, who.user_id, reason=None, actor=who.actor, now=self._clock())
        return Response(status_code=204)

    async def _shown(self, request_id: int, who: Who) -> LinkRequestView:
        async with acting(self._engine, "user", who.user_id) as connection:
            row = await Links(connection).one(request_id)
        if row is None:
            raise RequestNotFound(request_id)
        return view(row)


def view(row: RowMapping) -> LinkRequestView:
    """Return a request as its user sees it."""
    return LinkRequestView.model_validate(fields(row, LinkRequestView.model_fields.keys()))


def fields(row: RowMapping, wanted: Any) -> dict[str, Any]:  # noqa: ANN401 - the names of a model's fields
    """Return the wanted fields of a request, with its signature."""
    signed = None
    if row["first_amount"] is not None:
        signed = SignatureView(
            first_amount=f"{from_units(row['first_amount']):.2f}",
            second_amount=f"{from_units(row['second_amount']):.2f}",
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            is_seen=row["first_run_id"] is not None,
        )
    return {name: row[name] for name in wanted if name != "signature"} | {"signature": signed}
