"""What winners are owed, and its way to paid, over HTTP."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.idempotency.once import Act, Call, Keyed, answered, once
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import BadInput
from goatedvips.kit.pagination import link_header
from goatedvips.races.payouts import listing, service, sheet
from goatedvips.races.payouts.errors import NotAll
from goatedvips.races.payouts.schemas import (
    AwardApproval,
    AwardId,
    AwardPage,
    AwardPageQuery,
    AwardPay,
    AwardQuery,
    AwardReject,
    AwardRejection,
    AwardResponse,
    AwardsChanged,
    Payments,
)

_PATH = "/api/admin/awards"
_TEXT = {"text/csv": {"schema": {"type": "string"}}}
_SHEET: dict[int | str, dict[str, Any]] = {200: {"content": _TEXT, "description": "One row an award"}}
_FILLED = {"requestBody": {"required": True, "content": _TEXT}}


class AwardAdministration:
    """What an administrator does about awards. Under four eyes nobody pays what he approved."""

    def __init__(self, engine: AsyncEngine, gate: Gate, clock: Clock, *, four_eyes: bool) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock
        self._four_eyes = four_eyes

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(tags=["Administration"])
        self._add_reads(router)
        write: dict[str, Any] = {
            "methods": ["POST"],
            "dependencies": [self._gate.let(Permission.AWARDS_WRITE)],
        }
        changed, one = write | {"response_model": AwardsChanged}, write | {"response_model": AwardResponse}
        add = router.add_api_route
        add(f"{_PATH}/approve", self.approve, summary="Approve awards, or all of a race", **changed)
        add(f"{_PATH}/pay", self.pay, summary="Say that awards were paid", **changed)
        add(
            f"{_PATH}/pay.csv",
            self.pay_sheet,
            openapi_extra=_FILLED,
            summary="Send the sheet of what is due back, filled in",
            **changed,
        )
        add(f"{_PATH}/{{award_id}}/approve", self.approve_one, summary="Approve an award", **one)
        add(f"{_PATH}/{{award_id}}/pay", self.pay_one, summary="Say that an award was paid", **one)
        add(
            f"{_PATH}/{{award_id}}/reject",
            self.reject,
            response_model=AwardRejection,
            summary="Reject an award, and with it all that its player is owed of the race",
            **write,
        )
        return router

    def _add_reads(self, router: APIRouter) -> None:
        read: dict[str, Any] = {"dependencies": [self._gate.let(Permission.AWARDS_READ)]}
        add = router.add_api_route
        add(_PATH, self.awards, response_model=AwardPage, summary="Awards, and totals by status", **read)
        add(
            f"{_PATH}.csv",
            self.due,
            response_class=Response,
            responses=_SHEET,
            summary="The sheet of what is due, for the payer to fill in",
            **read,
        )
        add(f"{_PATH}/{{award_id}}", self.award, response_model=AwardResponse, summary="One award", **read)

    async def awards(
        self, who: Who, query: Annotated[AwardPageQuery, Query()], response: Response
    ) -> AwardPage:
        """List awards, those of the newest race first; the totals are of every status."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            page = await listing.paged(connection, query)
        asked = query.model_dump(include={"race", "player", "status"}, exclude_none=True)
        response.headers["Link"] = link_header(_PATH, page.pagination, asked)
        return page

    async def due(self, who: Who, query: Annotated[AwardQuery, Query()]) -> Response:
        """Download what is pending or approved, or what is of the status asked for.

        Cells that a spreadsheet would run as formulas are made plain text.
        """
        async with acting(self._engine, "admin", who.user_id) as connection:
            awards = await listing.due(connection, query)
        text = await asyncio.to_thread(sheet.write, awards)
        headers = {"Content-Disposition": 'attachment; filename="awards.csv"'}
        return Response(text, media_type="text/csv", headers=headers)

    async def award(self, award_id: AwardId, who: Who) -> AwardResponse:
        """Show an award: whose it is, and who approved, paid or rejected it."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            return AwardResponse.of(await service.one(connection, award_id))

    async def approve(self, wanted: AwardApproval, call: Keyed) -> Response:
        """Approve these awards or all of a race that are pending: all of them, or none if one cannot be."""
        if (wanted.ids is None) == (wanted.race is None):
            raise BadInput.field("ids", "give either the numbers of awards, or a race")

        async def act(connection: AsyncConnection) -> Response:
            if wanted.race is not None:
                outcome = await service.approve_race(
                    connection, wanted.race, actor=call.who.actor, now=self._clock()
                )
            else:
                outcome = await self._approved(connection, wanted.ids or [], call)
            return answered(AwardsChanged.of(outcome.changed, outcome.unchanged))

        return await self._once(call, act)

    async def approve_one(self, award_id: AwardId, call: Keyed) -> Response:
        """Approve an award; one that was approved before stays as it is."""

        async def act(connection: AsyncConnection) -> Response:
            return _one(await self._approved(connection, [award_id], call))

        return await self._once(call, act)

    async def pay(self, paid: Payments, call: Keyed) -> Response:
        """Say that awards were paid: all of them, or none if one cannot be. It moves no money by itself."""
        references: dict[int, str] = {}
        for number, payment in enumerate(paid.payments):
            if payment.id in references:
                raise BadInput.field(f"payments.{number}.id", f"award {payment.id} is named before")
            references[payment.id] = payment.reference

        async def act(connection: AsyncConnection) -> Response:
            outcome = await self._paid(connection, references, call)
            return answered(AwardsChanged.of(outcome.changed, outcome.unchanged))

        return await self._once(call, act)

    async def pay_one(self, award_id: AwardId, paid: AwardPay, call: Keyed) -> Response:
        """Say that an award was paid, and under which reference; the same again changes nothing."""

        async def act(connection: AsyncConnection) -> Response:
            return _one(await self._paid(connection, {award_id: paid.reference}, call))

        return await self._once(call, act)

    async def pay_sheet(self, request: Request, call: Keyed) -> Response:
        """Read the columns `id` and `reference` of a sheet; lines without a reference were not paid.

        All the others are paid, or none; what stands in the way is named by its line.
        """
        filled = await asyncio.to_thread(_filled, await request.body())

        async def act(connection: AsyncConnection) -> Response:
            try:
                outcome = await self._paid(connection, filled.references, call)
            except NotAll as error:
                error.name_them(filled.lines)
                raise
            return answered(AwardsChanged.of(outcome.changed, outcome.unchanged, filled.left_out))

        return await self._once(call, act)

    async def reject(self, award_id: AwardId, why: AwardReject, call: Keyed) -> Response:
        """Reject an award. It is forfeited, or others move up: a new version of the result either way."""

        async def act(connection: AsyncConnection) -> Response:
            rejection = await service.reject(
                connection, award_id, reason=why.reason, actor=call.who.actor, now=self._clock()
            )
            return answered(
                AwardRejection(
                    version=rejection.version,
                    rejected=[AwardResponse.of(award) for award in rejection.rejected],
                    gained=[AwardResponse.of(award) for award in rejection.gained],
                )
            )

        return await self._once(call, act)

    async def _approved(
        self, connection: AsyncConnection, award_ids: list[int], call: Call
    ) -> service.Outcome:
        return await service.approve(connection, award_ids, actor=call.who.actor, now=self._clock())

    async def _paid(
        self, connection: AsyncConnection, references: dict[int, str], call: Call
    ) -> service.Outcome:
        return await service.pay(
            connection, references, actor=call.who.actor, now=self._clock(), four_eyes=self._four_eyes
        )

    async def _once(self, call: Call, act: Act) -> Response:
        return await once(self._engine, call, role="admin", now=self._clock(), act=act)


def _one(outcome: service.Outcome) -> Response:
    (award,) = [*outcome.changed, *outcome.unchanged]
    return answered(AwardResponse.of(award))


def _filled(body: bytes) -> sheet.Filled:
    try:
        filled = sheet.read(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadInput.field("body", "is not text in UTF-8") from None
    if not filled.references:
        raise BadInput.field("body", "has no line with a reference")
    return filled
