"""A report asked for now, and how reports come in, over HTTP."""

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.schemas import RowId
from goatedvips.sync.requests.schemas import SyncRequestView, SyncStatus
from goatedvips.sync.requests.service import ask_for_report, request_view, sync_status

REQUESTS = "/api/admin/sync/requests"


class SyncAdministration:
    """What an administrator does about reports. A worker does the work."""

    def __init__(self, engine: AsyncEngine, gate: Gate, clock: Clock) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(tags=["Administration"])
        read, write = self._gate.let(Permission.SYNC_READ), self._gate.let(Permission.SYNC_WRITE)
        path, one = "/api/admin/sync", f"{REQUESTS}/{{request_id}}"
        add, shown = router.add_api_route, SyncRequestView
        add(
            path,
            self.status,
            response_model=SyncStatus,
            dependencies=[read],
            summary="The newest runs and what was asked of workers",
        )
        add(
            path,
            self.start,
            methods=["POST"],
            status_code=202,
            response_model=shown,
            dependencies=[write],
            summary="Ask the feed for a report now",
        )
        add(one, self.request, response_model=shown, dependencies=[read], summary="What became of a request")
        return router

    async def status(self, who: Who) -> SyncStatus:
        """Show how reports come in."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            return await sync_status(connection, self._clock())

    async def start(self, who: Who, response: Response) -> SyncRequestView:
        """Have a worker ask the feed, even while it is left alone; several requests get one run."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            request_id = await ask_for_report(connection, actor=who.actor, now=self._clock())
            response.headers["Location"] = f"{REQUESTS}/{request_id}"
            return await request_view(connection, request_id)

    async def request(self, request_id: RowId, who: Who) -> SyncRequestView:
        """Show whether a request waits, and the run that came of it."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            return await request_view(connection, request_id)
