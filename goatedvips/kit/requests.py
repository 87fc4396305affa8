"""What every request goes through: an id, a limit, headers that keep browsers safe, and a count."""

import re
import time
from secrets import token_hex
from typing import TypeAlias

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from prometheus_client import Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from goatedvips.kit.errors import TooManyRequests
from goatedvips.kit.problems import problem

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_UNLIMITED = ("/livez", "/readyz", "/metrics", "/assets/")

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
    """Pure ASGI: it wraps no body, so streams and sockets pass untouched."""

    def __init__(self, app: ASGIApp, *, per_minute: int, secure: bool) -> None:
        self._app = app
        self._limit = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._headers = SECURITY_HEADERS | ({"Strict-Transport-Security": HSTS} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer 429."""
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
                REQUESTS.labels(scope["method"], str(message["status"])).inc()
                SECONDS.observe(time.perf_counter() - began)
            await send(message)

        if self._limit is None or request.url.path.startswith(_UNLIMITED):
            await self._app(scope, receive, send_with_headers)
            return
        client = request.client.host if request.client else "unknown"
        if not await self._limiter.hit(self._limit, client):
            window = await self._limiter.get_window_stats(self._limit, client)
            wait = max(1, round(window.reset_time - time.time()))
            error = TooManyRequests(
                f"Too many requests from {client}; {self._limit.amount} a minute are allowed.",
                retry_after=wait,
            )
            await problem(request, error)(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)
