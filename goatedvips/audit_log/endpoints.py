import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.audit.reading import note_verified
from goatedvips.audit_log import service
from goatedvips.audit_log.errors import VerificationRunning
from goatedvips.audit_log.schemas import (
    AuditLogFilter,
    AuditLogPage,
    AuditLogQuery,
    AuditVerdict,
    AuditVerify,
)
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.cursors import next_link
from goatedvips.kit.downloads import CSV, sheet_of

_PATH = "/api/admin/audit-log"


class AuditLogEndpoints:
    """Who did what, for administrators."""

    def __init__(self, engine: AsyncEngine, gate: Gate, clock: Clock) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock
        self._verifying = asyncio.Lock()

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(tags=["Administration"], dependencies=[self._gate.let(Permission.AUDIT_READ)])
        add = router.add_api_route
        add(_PATH, self.page, response_model=AuditLogPage, summary="Who did what, newest first")
        add(f"{_PATH}.csv", self.sheet, response_class=Response, responses=CSV, summary="Who did what as CSV")
        add(
            f"{_PATH}/verify",
            self.verify,
            methods=["POST"],
            response_model=AuditVerdict,
            summary="Verify the chain of the log",
        )
        return router

    async def page(
        self, query: Annotated[AuditLogQuery, Query()], who: Who, response: Response
    ) -> AuditLogPage:
        """Show a page of the entries that are asked for, and the state of the chain."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            found = await service.page(connection, query)
        response.headers.update(next_link(_PATH, query, found.next_cursor))
        return found

    async def sheet(self, wanted: Annotated[AuditLogFilter, Query()], who: Who) -> Response:
        """Download all entries that are asked for; cells that a spreadsheet would run become plain text."""
        return await sheet_of(
            "audit-log.csv",
            service.entries,
            wanted=wanted,
            within=partial(acting, self._engine, "admin", who.user_id),
            columns=service.COLUMNS,
            place=service.place,
        )

    async def verify(self, who: Who, given: AuditVerify | None = None) -> AuditVerdict:
        """Recompute every hash, look for a head that was noted before, and log that it was done.

        409 while this process does so already.
        """
        if self._verifying.locked():
            raise VerificationRunning
        async with self._verifying:
            verdict = await service.verified(self._engine, None if given is None else given.head)
            async with acting(self._engine, "admin", who.user_id) as connection:
                await note_verified(connection, verdict, actor=who.actor, at=self._clock())
        return service.verdict_view(verdict)
