"""Fetch one report: bounded in time, in size, in attempts, and in whom it trusts with the token."""

import asyncio
import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx2
import stamina

from goatedvips import __version__
from goatedvips.kit.clock import Clock
from goatedvips.upstream.address import redirect_target, report_url
from goatedvips.upstream.breaker import CircuitBreaker
from goatedvips.upstream.errors import (
    CircuitOpen,
    FeedRedirected,
    FeedRefused,
    FeedTimedOut,
    FeedTooLarge,
    FeedUnavailable,
    UpstreamError,
)
from goatedvips.upstream.patience import PASSING, Passing, Patience, retry_after

Progress = Callable[[int, int | None], None]
"""Told how many bytes have come, and how many will (if the feed says so)."""

_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """Which feed, and how patient to be with it; times are seconds.

    Raises `ValueError` for an address or token that cannot be sent.
    """

    url: str
    referral_code: str
    token: str | None = field(default=None, repr=False)
    connect_timeout: float = 10
    read_timeout: float = 30
    """Silence. 8 to 15 seconds before the first byte are normal."""
    total_timeout: float = 90
    """One attempt: 60 seconds have been seen to end well."""
    max_bytes: int = 512 * 1024 * 1024
    """After decompression. A million players are 128 MB."""
    attempts: int = 4
    patience: float = 240
    """All attempts together: none is begun after it."""
    first_wait: float = 1
    longest_wait: float = 60
    trust_environment: bool = True
    """Whether proxies named in the environment are used."""

    def __post_init__(self) -> None:
        report_url(self.url, self.referral_code)
        if not self.referral_code.strip():
            raise ValueError("The referral code of the feed is empty.")
        if self.token is not None and not (
            self.token.isascii() and self.token.isprintable() and self.token.strip()
        ):
            # Checked here, for the library that would refuse it later quotes the header.
            raise ValueError("The token of the feed must be printable ASCII in one line.")


@dataclass(frozen=True, slots=True)
class Answer:
    """A body that came with 200, whatever it holds."""

    body: bytes = field(repr=False)
    asked_at: datetime
    """When the attempt that was answered was sent: what the data are true for at the earliest."""
    answered_at: datetime


class FeedClient:
    """Asks one feed for its report. Safe to share; one fetch at a time is what it is meant for."""

    def __init__(
        self, settings: FeedSettings, *, clock: Clock, breaker: CircuitBreaker | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._breaker = breaker or CircuitBreaker(clock)
        self._url = report_url(settings.url, settings.referral_code)
        # Reading the machine's certificates takes longer than a small report, so it is done once.
        self._tls = httpx2.create_ssl_context(trust_env=settings.trust_environment)

    def __repr__(self) -> str:
        return f"<FeedClient of {urlsplit(self._url).hostname}>"

    @property
    def resting_until(self) -> datetime | None:
        """Until when the feed is left alone because it failed too often, if it is."""
        return self._breaker.resting_until

    async def fetch(self, *, on_progress: Progress | None = None, insist: bool = False) -> Answer:
        """Return the feed's answer; raise an `UpstreamError` once it is not worth another attempt.

        Who insists asks although the feed is left alone: somebody wants to know whether it is back.
        """
        if not insist:
            self._breaker.admit()
        try:
            answer = await self._fetch_patiently(on_progress)
        except UpstreamError:
            self._breaker.failed()
            raise
        except BaseException:  # cancelled: the feed has neither failed nor succeeded
            self._breaker.abandoned()
            raise
        self._breaker.succeeded()
        return answer

    async def _fetch_patiently(self, on_progress: Progress | None) -> Answer:
        settings = self._settings
        deadline = time.monotonic() + settings.patience
        patience = Patience(settings.first_wait, settings.longest_wait, lambda: deadline - time.monotonic())
        attempts = stamina.retry_context(on=patience.wait, attempts=settings.attempts, timeout=None)
        try:
            async with self._http() as http:
                async for attempt in attempts:
                    with attempt:
                        return await self._attempt(http, on_progress)
        except Passing as failure:
            raise _after_all(failure, patience.seen or [failure.error.detail]) from None
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _attempt(self, http: httpx2.AsyncClient, on_progress: Progress | None) -> Answer:
        asked_at = self._clock()
        try:
            async with asyncio.timeout(self._settings.total_timeout):
                body = await self._read(http, self._url, on_progress)
        except TimeoutError:
            raise Passing(FeedTimedOut(f"It was not done after {self._settings.total_timeout:g} s")) from None
        except httpx2.TimeoutException as silence:
            raise Passing(FeedTimedOut(_silence(silence, self._settings))) from None
        except httpx2.HTTPError as broken:
            # `from None`: the library's error holds the request, and that holds the token.
            raise Passing(FeedUnavailable(self._scrubbed(broken))) from None
        except httpx2.InvalidURL:
            raise FeedUnavailable(
                "The feed, or a redirect of it, is at an address that cannot be asked."
            ) from None
        return Answer(body, asked_at, self._clock())

    def _http(self) -> httpx2.AsyncClient:
        settings = self._settings
        headers = {
            "User-Agent": f"goatedvips/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        }
        if settings.token is not None:
            headers["Authorization"] = f"Bearer {settings.token}"
        return httpx2.AsyncClient(
            headers=headers,
            timeout=httpx2.Timeout(settings.read_timeout, connect=settings.connect_timeout),
            follow_redirects=False,  # `_read` follows, where the token may go
            trust_env=settings.trust_environment,
            verify=self._tls,
        )

    async def _read(self, http: httpx2.AsyncClient, url: str, on_progress: Progress | None) -> bytes:
        for _ in range(_MOST_REDIRECTS + 1):
            async with http.stream("GET", url) as response:
                if response.status_code not in _REDIRECTS:
                    self._check(response)
                    return await self._collect(response, on_progress)
                url = redirect_target(url, response.headers.get("Location", ""))
        raise FeedRedirected(f"The feed redirected more than {_MOST_REDIRECTS} times.")

    def _check(self, response: httpx2.Response) -> None:
        status = response.status_code
        if status == HTTPStatus.OK:
            return
        asked = retry_after(response.headers.get("Retry-After"), self._clock())
        if status in PASSING:
            raise Passing(FeedUnavailable(f"It answered {status}"), status=status, retry_after=asked)
        refused = FeedRefused(f"The feed refused us: it answered {status}.", answered=status)
        if status == HTTPStatus.NOT_FOUND:
            raise Passing(refused, status=status, retry_after=asked)
        if response.is_client_error:
            raise refused
        raise FeedUnavailable(f"The feed answered {status}, which is neither a report nor a reason.")

    async def _collect(self, response: httpx2.Response, on_progress: Progress | None) -> bytes:
        limit = self._settings.max_bytes
        announced = response.headers.get("Content-Length", "")
        compressed = "Content-Encoding" in response.headers
        total = int(announced) if announced.isascii() and announced.isdigit() and not compressed else None
        if total is not None and total > limit:
            raise FeedTooLarge(limit)
        body = io.BytesIO()  # its `getvalue` hands the bytes over without a copy
        # Chunks are decompressed a mebibyte at a time, so a bomb is noticed while it is small.
        async for chunk in response.aiter_bytes():
            if body.tell() + len(chunk) > limit:
                raise FeedTooLarge(limit)
            body.write(chunk)
            if on_progress is not None:
                on_progress(body.tell(), total)
        return body.getvalue()

    def _scrubbed(self, broken: httpx2.HTTPError) -> str:
        text = f"{type(broken).__name__}: {broken}".strip(": ")
        return text.replace(self._settings.token, "…") if self._settings.token else text


def _silence(error: httpx2.TimeoutException, settings: FeedSettings) -> str:
    if isinstance(error, httpx2.ConnectTimeout):
        return f"It took no connection for {settings.connect_timeout:g} s"
    return f"It was silent for {settings.read_timeout:g} s"


def _after_all(failure: Passing, seen: list[str]) -> UpstreamError:
    """Say what every attempt saw, as the kind of error the last one was."""
    saw = "; ".join(text.removesuffix(".") for text in seen)
    text = f"The feed gave no report in {len(seen)} attempt{'s' if len(seen) > 1 else ''}: {saw}."
    if isinstance(failure.error, FeedRefused):
        return FeedRefused(text, answered=failure.error.answered)
    return type(failure.error)(text)


__all__ = ["Answer", "CircuitOpen", "FeedClient", "FeedSettings", "Progress"]
