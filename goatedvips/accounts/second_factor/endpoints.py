import segno
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from goatedvips.accounts import cookies
from goatedvips.accounts.attempts import service as attempts
from goatedvips.accounts.attempts.limits import SIGN_IN
from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.identity import Identity
from goatedvips.accounts.passwords.demands import require_good
from goatedvips.accounts.roles import STAFF, Permission
from goatedvips.accounts.schemas import Typed
from goatedvips.accounts.second_factor import codes, service
from goatedvips.accounts.second_factor.schemas import (
    CodeGiven,
    RecoveryCodeList,
    SecondFactorBegun,
    SecondFactorConfirmed,
    SecondFactorGivenUp,
)
from goatedvips.accounts.sessions import service as sessions
from goatedvips.accounts.signing_in.service import Doorkeeper
from goatedvips.kit.errors import BadInput


class SecondFactorEndpoints:
    """An authenticator: set up, confirmed, given up."""

    def __init__(self, doorkeeper: Doorkeeper, gate: Gate) -> None:
        self._doorkeeper = doorkeeper
        self._gate = gate

    def router(self) -> APIRouter:
        """Return the routes."""
        fresh = [self._gate.let(Permission.OWN, browsers_only=True, fresh=True)]
        router = APIRouter(prefix="/api/auth/totp", tags=["Accounts"], dependencies=fresh)
        add = router.add_api_route
        add(
            "",
            self.begin,
            methods=["POST"],
            response_model=SecondFactorBegun,
            summary="Get a secret for an authenticator",
        )
        add(
            "/confirm",
            self.confirm,
            methods=["POST"],
            response_model=SecondFactorConfirmed,
            summary="Show that the authenticator works; from then on its codes are asked for",
        )
        add(
            "/recovery-codes",
            self.renew_codes,
            methods=["POST"],
            response_model=RecoveryCodeList,
            summary="Get new recovery codes; the old ones count no more",
        )
        add("/disable", self.disable, methods=["POST"], status_code=204, summary="Do without a second factor")
        return router

    async def begin(self, who: Who) -> SecondFactorBegun:
        """Set an authenticator up; 409 if there is one."""
        async with self._doorkeeper.engine.begin() as connection:
            secret = await service.begin(connection, who.user_id, self._doorkeeper.box)
        uri = codes.provisioning_uri(secret, who.username)
        picture = segno.make(uri, error="m", micro=False).svg_data_uri(scale=4, dark="#000", light="#fff")
        return SecondFactorBegun(secret=secret, uri=uri, qr_code=picture)

    async def confirm(
        self, given: CodeGiven, who: Who, request: Request, response: Response
    ) -> SecondFactorConfirmed:
        """Give a code that it shows. My other sessions end, and this one goes on under another token."""
        now = self._doorkeeper.clock()
        attempt = await self._count(who, request)
        async with self._doorkeeper.engine.begin() as connection:
            fresh = await service.confirm(
                connection, who.user_id, given.code, box=self._doorkeeper.box, now=now
            )
            await sessions.end_sessions(connection, who.user_id, but=who.session_id)
            token = await sessions.renew(connection, who.session_id or 0, now=now)
            await attempts.forget(connection, attempt)
        if token is not None and who.until is not None:
            cookies.set_session(response, request, token, lasts=who.until - now)
        csrf_token = None if token is None else cookies.csrf_token(token)
        return SecondFactorConfirmed(recovery_codes=fresh, csrf_token=csrf_token)

    async def renew_codes(self, given: CodeGiven, who: Who, request: Request) -> RecoveryCodeList:
        """Give a code, and get ten recovery codes in place of those that are left."""
        attempt = await self._count(who, request)
        async with self._doorkeeper.engine.begin() as connection:
            fresh = await service.renew_codes(
                connection, who.user_id, given.code, box=self._doorkeeper.box, now=self._doorkeeper.clock()
            )
            await attempts.forget(connection, attempt)
        return RecoveryCodeList(recovery_codes=fresh)

    async def disable(self, given: SecondFactorGivenUp, who: Who, request: Request) -> Response:
        """Give a code, for the last time. Of staff the password must be long enough to do without."""
        if who.role in STAFF:
            await self._require_long_password(given.password, who, request)
        attempt = await self._count(who, request)
        async with self._doorkeeper.engine.begin() as connection:
            await service.disable(
                connection, who.user_id, given.code, box=self._doorkeeper.box, now=self._doorkeeper.clock()
            )
            await attempts.forget(connection, attempt)
        return Response(status_code=204)

    async def _require_long_password(self, given: Typed | None, who: Identity, request: Request) -> None:
        if given is None:
            raise BadInput.field("password", "must be given: it will be all that guards what you may do")
        password = given.get_secret_value()
        held = await self._doorkeeper.prove(who.user_id, password, cookies.client_of(request))
        require_good(password, {**held, "totp_confirmed_at": None}, field="password")

    async def _count(self, who: Identity, request: Request) -> int:
        async with self._doorkeeper.engine.begin() as connection:
            return await attempts.take(
                connection,
                "sign_in",
                f"code:{who.user_id}",
                limit=SIGN_IN,
                now=self._doorkeeper.clock(),
                address=cookies.client_of(request).address,
            )
