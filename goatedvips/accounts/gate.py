"""Who may come through to an endpoint: asked once, at the route."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection, Request
from starlette.types import Scope

from goatedvips.accounts import cookies
from goatedvips.accounts.errors import CsrfTokenNeeded, NotPermitted, ProofNeeded
from goatedvips.accounts.identity import Identity
from goatedvips.accounts.keys.service import identify_key
from goatedvips.accounts.roles import Permission
from goatedvips.accounts.sessions.lifetimes import FRESH
from goatedvips.accounts.sessions.service import identify
from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import NotSignedIn

_SAFE = {"GET", "HEAD", "OPTIONS"}
_SCOPE = "goatedvips.identity"
_ASKED = "goatedvips.asked"

_COOKIE = APIKeyCookie(
    name="gvip_session",
    auto_error=False,
    description="Of a browser that is signed in; `__Host-` before it over TLS",
)
_BEARER = HTTPBearer(auto_error=False, description="An API key, `gvip_…`")
_Csrf = Annotated[
    str | None,
    Header(alias="X-CSRF-Token", description="From `GET /api/auth/me`; of a browser, with every write"),
]


@dataclass(frozen=True, slots=True)
class Access:
    """What an endpoint asks of whoever calls it; a test walks over all of them (docs/permissions.md)."""

    permission: Permission
    browsers_only: bool = False
    """Whether a key will not do: it could let itself last, or its owner in."""
    fresh: bool = False
    """Whether he must have proved himself of late."""


class Gate:
    """Finds out who asks, and lets him through or not. Its engine acts as the program itself."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def let(self, permission: Permission, *, browsers_only: bool = False, fresh: bool = False) -> Any:  # noqa: ANN401 - what FastAPI's Depends returns
        """Return what an endpoint depends on: whoever may not do this does not get there."""
        return Depends(_Let(self, Access(permission, browsers_only=browsers_only, fresh=fresh)))

    async def identify(self, connection: HTTPConnection) -> Identity | None:
        """Return who asks, by his key or his session; None for a stranger.

        Raises `NotSignedIn` for a key that is none: whoever sends one means it.
        """
        scheme, _, key = connection.headers.get("authorization", "").partition(" ")
        async with self._engine.begin() as database:
            if scheme.lower() == "bearer":
                known = await identify_key(database, key.strip(), now=self._clock())
                if known is None:
                    raise NotSignedIn("This API key is not known, was revoked, or has ended.")
                return known
            token = cookies.session_token(connection)
            return None if token is None else await identify(database, token, now=self._clock())

    async def viewer(self, connection: HTTPConnection) -> Identity | None:
        """Return who looks at what is everybody's, and may see more of it; None for a stranger.

        The key of an overlay stands in a streamer's address bar: whoever reads it there stays a stranger.
        """
        who = await self.identify(connection)
        return None if who is not None and who.permissions <= {Permission.OVERLAY_READ} else who

    async def admit(self, request: Request, access: Access, csrf: str | None) -> Identity:
        """Return who asks; raise `NotSignedIn`, `NotPermitted`, `CsrfTokenNeeded` or `ProofNeeded`."""
        who = request.scope[_ASKED] = await self.identify(request)
        if who is None or (access.browsers_only and who.session_id is None):
            wanted = "in a browser " if who is not None else ""
            raise NotSignedIn(f"Sign in {wanted}first.")
        if who.session_id is not None and request.method not in _SAFE:
            session = cookies.session_token(request)
            if session is None or not cookies.is_csrf_token(csrf, session):
                raise CsrfTokenNeeded
        if access.permission not in who.permissions:
            raise NotPermitted(access.permission)
        if access.fresh and (who.proved_at is None or self._clock() - who.proved_at > FRESH):
            raise ProofNeeded
        request.scope[_SCOPE] = who
        return who


class _Let:
    """One endpoint's demand, as FastAPI calls it."""

    def __init__(self, gate: Gate, access: Access) -> None:
        self.access = access
        self._gate = gate

    async def __call__(
        self,
        request: Request,
        _cookie: Annotated[str | None, Depends(_COOKIE)],
        _key: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
        csrf: _Csrf = None,
    ) -> Identity:
        return await self._gate.admit(request, self.access, csrf)


def access_of(dependency: Callable[..., Coroutine[Any, Any, Any]] | None) -> Access | None:
    """Return what an endpoint's dependency asks, or None if it is none of ours."""
    return dependency.access if isinstance(dependency, _Let) else None


def admitted(connection: HTTPConnection) -> Identity | None:
    """Return who was let through to this request, if anybody was asked."""
    who: Identity | None = connection.scope.get(_SCOPE)
    return who


def asked(scope: Scope) -> Identity | None:
    """Return who made a request, let through or not; None where nobody looked."""
    who: Identity | None = scope.get(_ASKED)
    return who


def _who(request: Request) -> Identity:
    who = admitted(request)
    assert who is not None  # noqa: S101 - the route's dependency came first
    return who


Who = Annotated[Identity, Depends(_who)]
"""Who was let through, for endpoints behind a gate."""
