from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from goatedvips.accounts import cookies
from goatedvips.accounts.attempts import service as attempts
from goatedvips.accounts.attempts.limits import MAIL_TO_SUBJECT
from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.accounts.schemas import AccountView
from goatedvips.accounts.service import account_view
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.membership.erasure import erase
from goatedvips.membership.export import export, pieces
from goatedvips.membership.schemas import SelfExclusionRequest
from goatedvips.membership.self_exclusion import exclude_oneself

_ZIP = {200: {"content": {"application/zip": {}}, "description": "JSON and CSV files"}}


class MembershipEndpoints:
    """What the law gives everybody: all that is kept of him, to be erased, to keep himself out."""

    def __init__(self, engine: AsyncEngine, system: AsyncEngine, gate: Gate, clock: Clock) -> None:
        self._engine = engine
        self._system = system
        self._gate = gate
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/api/users/me", tags=["Accounts"])
        here = [self._gate.let(Permission.OWN, browsers_only=True)]
        fresh = [self._gate.let(Permission.OWN, browsers_only=True, fresh=True)]
        add = router.add_api_route
        add(
            "/export",
            self.export,
            response_class=Response,
            responses=_ZIP,  # type: ignore[arg-type]
            summary="All that is kept of me",
            dependencies=here,
        )
        add(
            "",
            self.erase,
            methods=["DELETE"],
            status_code=204,
            summary="Erase me",
            dependencies=fresh,
        )
        add(
            "/self-exclusion",
            self.exclude,
            methods=["POST"],
            response_model=AccountView,
            summary="Keep myself out, until a day or for good",
            dependencies=here,
        )
        return router

    async def export(self, who: Who) -> Response:
        """Download a zip of JSON and CSV files; a few times an hour."""
        now = self._clock()
        async with self._system.begin() as connection:
            await attempts.take(connection, "export", f"user:{who.user_id}", limit=MAIL_TO_SUBJECT, now=now)
        async with acting(self._engine, "user", who.user_id) as connection:
            packed = await export(connection, who.user_id, now=now)
        name = f"goatedvips-{who.user_id}-{now:%Y-%m-%d}.zip"
        return StreamingResponse(
            pieces(packed),
            media_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
            background=BackgroundTask(packed.close),
        )

    async def erase(self, who: Who, request: Request) -> Response:
        """Erase my account and make my player nameless, everywhere and for good.

        Races, awards and proofs stay: what I am owed stays owed to my player.
        """
        async with self._system.begin() as connection:
            await erase(connection, who.user_id, reason=None, actor=who.actor, now=self._clock())
        response = Response(status_code=204, headers={"Clear-Site-Data": '"cache", "cookies", "storage"'})
        cookies.forget_session(response, request)
        return response

    async def exclude(self, wanted: SelfExclusionRequest, who: Who) -> AccountView:
        """Take me off boards, races and mails at once; it cannot be undone early."""
        async with self._system.begin() as connection:
            await exclude_oneself(connection, who.user_id, until=wanted.until, now=self._clock())
        async with self._system.begin() as connection:
            return await account_view(connection, who.user_id, now=self._clock())
