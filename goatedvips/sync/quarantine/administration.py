"""Reports that were not believed: looked at, applied or discarded over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.pagination import link_header
from goatedvips.kit.schemas import RowId
from goatedvips.leaderboards.rebuilding import Rebuilding
from goatedvips.sync.quarantine import service
from goatedvips.sync.quarantine.schemas import (
    Comparison,
    Decide,
    QuarantinedReport,
    QuarantinedRun,
    QuarantinePage,
    QuarantineQuery,
)
from goatedvips.sync.requests.administration import REQUESTS
from goatedvips.sync.requests.schemas import SyncRequestView
from goatedvips.sync.requests.service import request_view

_PATH = "/api/admin/quarantine"


class QuarantineAdministration:
    """What an administrator does about quarantined reports."""

    def __init__(self, engine: AsyncEngine, gate: Gate, clock: Clock) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock
        # Two reports of a million players are a quarter of a gigabyte: one comparison at a time.
        self._comparisons: Rebuilding[int, Comparison | None] = Rebuilding(kept=8, waiting=4)

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix=_PATH, tags=["Administration"])
        read: dict[str, Any] = {"dependencies": [self._gate.let(Permission.SYNC_READ)]}
        write: dict[str, Any] = {
            "dependencies": [self._gate.let(Permission.SYNC_WRITE)],
            "methods": ["POST"],
        }
        add, one = router.add_api_route, "/{run_id}"
        add("", self.all, response_model=QuarantinePage, summary="Quarantined runs", **read)
        add(one, self.show, response_model=QuarantinedReport, summary="What a report would change", **read)
        add(
            f"{one}/apply",
            self.apply,
            status_code=202,
            response_model=SyncRequestView,
            summary="Apply a quarantined report",
            **write,
        )
        add(
            f"{one}/discard",
            self.discard,
            response_model=QuarantinedRun,
            summary="Decide that it is never applied",
            **write,
        )
        return router

    async def all(
        self, who: Who, query: Annotated[QuarantineQuery, Query()], response: Response
    ) -> QuarantinePage:
        """List quarantined runs with the reasons, newest first, and what was decided about them."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            page = await service.listed(connection, query)
        asked: dict[str, str | int] = (
            {} if query.reviewed is None else {"reviewed": str(query.reviewed).lower()}
        )
        response.headers["Link"] = link_header(_PATH, page.pagination, asked)
        return page

    async def show(self, run_id: RowId, who: Who) -> QuarantinedReport:
        """Show a report beside the last one that was applied before it, while its bytes are kept."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            run = await service.run_view(connection, run_id)
        comparison = await self._comparisons.get(run_id, lambda: self._compared(run_id, who))
        return QuarantinedReport(run=run, comparison=comparison)

    async def apply(self, run_id: RowId, why: Decide, who: Who, response: Response) -> SyncRequestView:
        """Have a worker apply a report although it was not believed.

        409 once a later one was applied, or if it was decided about before.
        """
        async with acting(self._engine, "admin", who.user_id) as connection:
            request_id = await service.request_apply(
                connection, run_id, reason=why.reason, actor=who.actor, now=self._clock()
            )
            response.headers["Location"] = f"{REQUESTS}/{request_id}"
            return await request_view(connection, request_id)

    async def discard(self, run_id: RowId, why: Decide, who: Who) -> QuarantinedRun:
        """Decide that a report is never applied; 409 if it was decided about before."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            await service.discard(connection, run_id, reason=why.reason, actor=who.actor, now=self._clock())
            return await service.run_view(connection, run_id)

    async def _compared(self, run_id: int, who: Who) -> Comparison | None:
        async with acting(self._engine, "admin", who.user_id) as connection:
            kept = await service.kept_reports(connection, run_id)
        return None if kept is None else await service.compared(kept)
