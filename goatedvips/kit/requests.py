"""What every request goes through: an id, limits, headers that keep browsers safe, a count, a last resort."""

import re
import time
from secrets import token_hex
from typing import Protocol, TypeAlias

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from prometheus_client import Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from goatedvips.kit.errors import Forbidden, GoatedError, Malformed, TooLarge, TooManyRequests
from goatedvips.kit.problems import problem, unforeseen

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_SAFE = {"GET", "HEAD", "OPTIONS"}
_UNLIMITED = ("/livez", "/readyz", "/metrics", "/assets/")
_API = "/api/"
_ENDLESS = "/api/events"
"""Answers HEAD itself: its GET would never come to an end."""

_FLOOD = "goatedvips.flood"
"""In the scope of a request that was one too many. It is counted; to take each down would fill the disk."""

_LARGEST_BODY = 256 * 1024
"""Bytes: a race with a thousand prizes is a quarter of it."""
_LARGEST_SHEET = 4 * 1024 * 1024
_SHEETS = ".csv"
"""How the address ends to which a sheet is sent: one of ten thousand awards is half as large."""
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FRAMED = ("/embed/", "/overlay/")
"""Pages that other sites may frame: they show what is public, and have nothing to click that does harm."""
FRAMED_HEADERS = {
    **{name: value for name, value in SECURITY_HEADERS.items() if name != "X-Frame-Options"},
    "Content-Security-Policy": CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *"),
    # An overlay's address holds its token.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
HSTS = "max-age=31536000; includeSubDomains"

Labels: TypeAlias = tuple[str, str]

REQUESTS = Counter("goatedvips_http_requests_total", "Requests answered", ("method", "status"))
SECONDS = Histogram("goatedvips_http_request_seconds", "Time to the first byte of an answer")


class Note(Protocol):
    """Takes down a request that was answered to its end; it must neither wait nor fail.

    The scope is that which the application had: it knows the route and who asked.
    """

    def __call__(self, scope: Scope, /, *, method: str, status: int, seconds: float) -> None:
        """Take it down."""
        ...


class RequestMiddleware:
    """The outermost, whoever answers. Pure ASGI: it wraps no body, so streams and sockets pass untouched."""

    def __init__(self, app: ASGIApp, *, secure: bool, note: Note | None = None) -> None:
        self._app = app
        self._note = note
        always = {"Strict-Transport-Security": HSTS} if secure else {}
        self._headers, self._framed = SECURITY_HEADERS | always, FRAMED_HEADERS | always

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a request its id, its answer the headers of every answer, and take both down."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method, given = scope["method"], Request(scope).headers.get("x-request-id", "")
        scope["request_id"] = given if _REQUEST_ID.fullmatch(given) else token_hex(8)
        if method == "HEAD" and scope["path"] != _ENDLESS:
            # Routes know only GET; the server, which keeps the scope as it was, leaves the body out.
            scope = {**scope, "method": "GET"}
        began, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._complete(message, scope)
                REQUESTS.labels(method, str(status)).inc()
                SECONDS.observe(time.perf_counter() - began)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            if self._note is not None and status and scope["path"].startswith(_API) and _FLOOD not in scope:
                self._note(scope, method=method, status=status, seconds=time.perf_counter() - began)

    def _complete(self, message: Message, scope: Scope) -> None:
        """Add the headers that every answer has."""
        headers = MutableHeaders(scope=message)
        headers["X-Request-Id"] = scope["request_id"]
        safe = self._framed if scope["path"].startswith(FRAMED) else self._headers
        for name, value in safe.items():
            headers.setdefault(name, value)
        if scope["path"].startswith(_API):
            # What may be kept says so itself.
            headers.setdefault("Cache-Control", "no-store")


class GuardMiddleware:
    """Answers what must not get any further. Within CORS, so that a friend's page can read the answer too."""

    def __init__(self, app: ASGIApp, *, per_minute: int) -> None:
        self._app = app
        self._limit = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it; answer where nobody else did."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, started = Request(scope), False

        async def send_and_see(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if (refusal := await self._refusal(request)) is not None:
                if isinstance(refusal, TooManyRequests):
                    scope[_FLOOD] = True
                await problem(request, refusal)(scope, receive, send)
                return
            most = _LARGEST_SHEET if scope["path"].endswith(_SHEETS) else _LARGEST_BODY
            await self._app(scope, _bounded(receive, most), send_and_see)
        except Exception as error:
            if started:
                raise
            await unforeseen(request, error)(scope, receive, send)

    async def _refusal(self, request: Request) -> GoatedError | None:
        """Return why a request is not even looked at."""
        if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
            # No name has one, and PostgreSQL takes no text that has.
            return Malformed("The address holds a NUL character.")
        if request.method not in _SAFE and request.headers.get("sec-fetch-site") == "cross-site":
            # Only a browser says so, and only of a page that is not ours.
            return Forbidden("Another site may not write here.")
        if self._limit is None or request.scope["path"].startswith(_UNLIMITED):
            return None
        client = request.client.host if request.client else "unknown"
        if await self._limiter.hit(self._limit, client):
            return None
        window = await self._limiter.get_window_stats(self._limit, client)
        return TooManyRequests(
            f"Too many requests from {client}; {self._limit.amount} a minute are allowed.",
            retry_after=max(1, round(window.reset_time - time.time())),  # noqa: TID251 - by which the limiter goes
        )


def _bounded(receive: Receive, most: int) -> Receive:
    """Return a way to receive no more than we take."""
    read = 0

    async def receive_bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            # Not our own error: FastAPI would take it for a body that it cannot parse.
            raise HTTPException(TooLarge.status, f"A body may have at most {most:,} bytes.")
        return message

    return receive_bounded
