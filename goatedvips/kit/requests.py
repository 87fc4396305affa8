"""What every request goes through: an id, limits, headers that keep browsers safe, a count, a last resort."""

import re
import time
from secrets import token_hex
from typing import TypeAlias

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
_ENDLESS = "/api/events"
"""Answers HEAD itself: its GET would never come to an end."""

_LARGEST_BODY = 256 * 1024
"""Bytes: a race with a thousand prizes is a quarter of it."""
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
HSTS = "max-age=31536000; includeSubDomains"

Labels: TypeAlias = tuple[str, str]

REQUESTS = Counter("goatedvips_http_requests_total", "Requests answered", ("method", "status"))
SECONDS = Histogram("goatedvips_http_request_seconds", "Time to the first byte of an answer")


class RequestMiddleware:
    """The outermost, whoever answers. Pure ASGI: it wraps no body, so streams and sockets pass untouched."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = SECURITY_HEADERS | ({"Strict-Transport-Security": HSTS} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a request its id, and its answer the headers of every answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        scope["request_id"] = given if _REQUEST_ID.fullmatch(given) else token_hex(8)
        began = time.perf_counter()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = scope["request_id"]
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    # What may be kept says so itself.
                    headers.setdefault("Cache-Control", "no-store")
                REQUESTS.labels(request.method, str(message["status"])).inc()
                SECONDS.observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, send_with_headers)


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
                await problem(request, refusal)(scope, receive, send)
                return
            if scope["method"] == "HEAD" and scope["path"] != _ENDLESS:
                # Routes know only GET; the server, which keeps the scope as it was, leaves the body out.
                scope = {**scope, "method": "GET"}
            await self._app(scope, _bounded(receive), send_and_see)
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


def _bounded(receive: Receive) -> Receive:
    """Return a way to receive no more than we take."""
    read = 0

    async def receive_bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > _LARGEST_BODY:
            # Not our own error: FastAPI would take it for a body that it cannot parse.
            raise HTTPException(TooLarge.status, f"A body may have at most {_LARGEST_BODY:,} bytes.")
        return message

    return receive_bounded
