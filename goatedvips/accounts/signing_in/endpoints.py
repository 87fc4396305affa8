from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from goatedvips.accounts import cookies
from goatedvips.accounts.errors import SessionNotFound
from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.mails import tell_by_mail
from goatedvips.accounts.passwords.demands import require_good
from goatedvips.accounts.repository import Accounts
from goatedvips.accounts.roles import Permission
from goatedvips.accounts.schemas import Login, Me, SessionList, SessionView
from goatedvips.accounts.service import account_view
from goatedvips.accounts.sessions import service as sessions
from goatedvips.accounts.sessions.repository import Sessions
from goatedvips.accounts.signing_in.schemas import PasswordChange, Registration
from goatedvips.accounts.signing_in.service import Doorkeeper, SignedIn
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.schemas import RowId


class SignInEndpoints:
    """Registering, signing in and out, one's sessions and password."""

    def __init__(self, doorkeeper: Doorkeeper, gate: Gate, engine: AsyncEngine, clock: Clock) -> None:
        self._doorkeeper = doorkeeper
        self._gate = gate
        self._engine = engine
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/api/auth", tags=["Accounts"])
        mine = [self._gate.let(Permission.OWN)]
        here = [self._gate.let(Permission.OWN, browsers_only=True)]
        proved = [self._gate.let(Permission.OWN, browsers_only=True, fresh=True)]
        add = router.add_api_route
        made: dict[str, Any] = {"methods": ["POST"], "status_code": 201, "response_model": Me}
        add("/register", self.register, summary="Make an account, and sign in", **made)
        add("/login", self.login, methods=["POST"], response_model=Me, summary="Sign in")
        add("/logout", self.logout, methods=["POST"], status_code=204, summary="Sign out", dependencies=here)
        add("/me", self.me, response_model=Me, summary="Who is signed in", dependencies=mine)
        add(
            "/change-password",
            self.change_password,
            methods=["POST"],
            response_model=Me,
            summary="Choose another password; all other sessions end",
            dependencies=here,
        )
        add("/sessions", self.sessions, response_model=SessionList, summary="My sessions", dependencies=here)
        add(
            "/sessions",
            self.end_others,
            methods=["DELETE"],
            status_code=204,
            summary="End all my sessions but this one",
            dependencies=proved,
        )
        add(
            "/sessions/{session_id}",
            self.end,
            methods=["DELETE"],
            status_code=204,
            summary="End one of my sessions",
            dependencies=proved,
        )
        return router

    async def register(self, wanted: Registration, request: Request, response: Response) -> Me:
        """Make an account; a mail to verify the address follows, and until then little can be done with it.

        An address that has an account already makes no difference to the answer: its owner is told by mail.
        """
        return await self._welcome(
            await self._doorkeeper.register(wanted, cookies.client_of(request)), request, response
        )

    async def login(self, given: Login, request: Request, response: Response) -> Me:
        """Sign in by name or mail address; 401 `totp_required` asks for the second factor as well."""
        signed_in = await self._doorkeeper.sign_in(given, cookies.client_of(request))
        before = await self._gate.identify(request) if cookies.session_token(request) else None
        if before is not None and before.session_id is not None:
            # Its cookie is about to be written over: nobody could end it any more.
            async with acting(self._engine, "user", before.user_id) as connection:
                await sessions.end_session(connection, before.user_id, before.session_id)
        return await self._welcome(signed_in, request, response)

    async def logout(self, who: Who, request: Request) -> Response:
        """End this session and close its private topics."""
        async with acting(self._engine, "user", who.user_id) as connection:
            await sessions.end_session(connection, who.user_id, who.session_id or 0)
        response = Response(status_code=204, headers={"Clear-Site-Data": '"cache", "storage"'})
        cookies.forget_session(response, request)
        return response

    async def me(self, who: Who, request: Request) -> Me:
        """Show my account, and the token that a browser sends with each write."""
        session = cookies.session_token(request) if who.session_id is not None else None
        return await self._shown(who.user_id, session)

    async def change_password(
        self, given: PasswordChange, who: Who, request: Request, response: Response
    ) -> Me:
        """Give the old password and a new one; this session goes on under another token."""
        client, now = cookies.client_of(request), self._clock()
        held = await self._doorkeeper.prove(who.user_id, given.password.get_secret_value(), client)
        password = given.new_password.get_secret_value()
        require_good(password, held, field="newPassword")
        hashed = await self._doorkeeper.hasher.hash(password)
        async with self._doorkeeper.engine.begin() as connection:
            await Accounts(connection).set_password(who.user_id, hashed, now=now)
            await sessions.end_sessions(connection, who.user_id, but=who.session_id)
            token = await sessions.renew(connection, who.session_id or 0, now=now)
            await tell_by_mail(connection, "mail.password_changed", who.user_id, now=now)
        return await self._renewed(who, token, request, response)

    async def sessions(self, who: Who) -> SessionList:
        """Show the browsers in which I am signed in."""
        async with acting(self._engine, "user", who.user_id) as connection:
            rows = await Sessions(connection).of_user(who.user_id)
        return SessionList(data=[SessionView(**row, is_this=row["id"] == who.session_id) for row in rows])

    async def end(self, session_id: RowId, who: Who) -> Response:
        """Sign a browser of mine out."""
        async with acting(self._engine, "user", who.user_id) as connection:
            if not await sessions.end_session(connection, who.user_id, session_id):
                raise SessionNotFound(session_id)
        return Response(status_code=204)

    async def end_others(self, who: Who) -> Response:
        """Sign all my other browsers out."""
        async with acting(self._engine, "user", who.user_id) as connection:
            await sessions.end_sessions(connection, who.user_id, but=who.session_id)
        return Response(status_code=204)

    async def _welcome(self, signed_in: SignedIn, request: Request, response: Response) -> Me:
        session = signed_in.session
        lasts = session.expires_at - self._clock()
        cookies.set_session(response, request, session.token, lasts=lasts)
        cookies.set_device(response, request, session.device_token)
        return await self._shown(signed_in.user_id, session.token)

    async def _renewed(self, who: Who, token: str | None, request: Request, response: Response) -> Me:
        if token is not None and who.until is not None:
            cookies.set_session(response, request, token, lasts=who.until - self._clock())
        return await self._shown(who.user_id, token)

    async def _shown(self, user_id: int, session: str | None) -> Me:
        async with self._doorkeeper.engine.begin() as connection:
            user = await account_view(connection, user_id, now=self._clock())
        return Me(user=user, csrf_token=None if session is None else cookies.csrf_token(session))
