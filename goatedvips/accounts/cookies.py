"""What a browser keeps for us, and how it shows that a page of ours asks."""

import base64
import hmac
from datetime import timedelta
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from goatedvips.accounts.identity import Client
from goatedvips.realtime.doorkeeper import address_of

_SESSION: Final = "gvip_session"
_DEVICE: Final = "gvip_device"
_HOST_ONLY = "__Host-"
"""Browsers let nobody but this very host set such a cookie, and over TLS only (RFC 6265bis, 4.1.3.2)."""
_DEVICE_KEPT = timedelta(days=365)
_LOOPBACK = {"localhost", "127.0.0.1", "::1", "[::1]"}
_LONGEST = 200


def session_token(connection: HTTPConnection) -> str | None:
    """Return the token of the browser's session."""
    return _read(connection, _SESSION)


def client_of(connection: HTTPConnection) -> Client:
    """Return where a request comes from."""
    return Client(
        address=address_of(connection),
        user_agent=connection.headers.get("user-agent"),
        device_token=_read(connection, _DEVICE),
    )


def set_session(response: Response, connection: HTTPConnection, token: str, *, lasts: timedelta) -> None:
    """Have the browser keep a session."""
    _set(response, connection, _SESSION, token, lasts=lasts)


def set_device(response: Response, connection: HTTPConnection, token: str | None) -> None:
    """Have the browser keep what makes it a known one, unless it does."""
    if token is not None:
        _set(response, connection, _DEVICE, token, lasts=_DEVICE_KEPT)


def forget_session(response: Response, connection: HTTPConnection) -> None:
    """Have the browser forget its session."""
    _set(response, connection, _SESSION, "", lasts=timedelta())


def csrf_token(session: str) -> str:
    """Return what a page of ours sends with each write: no other page can read or make it."""
    return base64.urlsafe_b64encode(hmac.digest(session.encode(), b"csrf", "sha256")).rstrip(b"=").decode()


def is_csrf_token(given: str | None, session: str) -> bool:
    """Say whether this is the session's token."""
    return given is not None and hmac.compare_digest(given.encode(), csrf_token(session).encode())


def _is_secure(connection: HTTPConnection) -> bool:
    """Say whether cookies travel over TLS only: always, but on one's own machine without it."""
    return connection.url.scheme in {"https", "wss"} or connection.url.hostname not in _LOOPBACK


def _name(connection: HTTPConnection, name: str) -> str:
    return f"{_HOST_ONLY}{name}" if _is_secure(connection) else name


def _read(connection: HTTPConnection, name: str) -> str | None:
    value = connection.cookies.get(_name(connection, name))
    return value if value and len(value) <= _LONGEST else None


def _set(response: Response, connection: HTTPConnection, name: str, value: str, *, lasts: timedelta) -> None:
    response.set_cookie(
        _name(connection, name),
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=_is_secure(connection),
        httponly=True,
        samesite="lax",
    )
