"""One file, longer than others, for the feed on a real socket that all of it talks to."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypedDict, Unpack

import pytest

from goatedvips import __version__
from goatedvips.kit.clock import utc_now
from goatedvips.upstream.breaker import CircuitBreaker
from goatedvips.upstream.client import FeedClient, FeedSettings
from goatedvips.upstream.errors import (
    CircuitOpen,
    FeedRedirected,
    FeedRefused,
    FeedTimedOut,
    FeedTooLarge,
    FeedUnavailable,
    UpstreamError,
)

REPORT = b'{"success":true,"data":[],"today":0}'
TOKEN = "s3cret-t0ken-of-the-feed"

Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Feed:
    """A feed on a real socket: answers each request with the next handler, the last one for ever."""

    handlers: list[Handler]
    url: str = ""
    requests: list[bytes] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.requests.append(head)
            handler = self.handlers.pop(0) if len(self.handlers) > 1 else self.handlers[0]
            await handler(head, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client had enough, which is what some tests are about
        finally:
            writer.close()


Serve = Callable[..., Awaitable[Feed]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def serve(anyio_backend: str) -> AsyncIterator[Serve]:
    servers: list[asyncio.Server] = []

    async def start(*handlers: Handler) -> Feed:
        feed = Feed(list(handlers))
        server = await asyncio.start_server(feed.talk, "127.0.0.1", 0)
        servers.append(server)
        feed.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/user"
        return feed

    yield start
    for server in servers:
        server.close()


def answer(status: str = "200 OK", *headers: str, body: bytes = REPORT, length: int | None = None) -> Handler:
    async def handler(head: bytes, writer: asyncio.StreamWriter) -> None:
        size = len(body) if length is None else length
        lines = (f"HTTP/1.1 {status}", f"Content-Length: {size}", *headers, "", "")
        writer.write("\r\n".join(lines).encode() + body)

    return handler


def redirect(location: str) -> Handler:
    return answer("302 Found", f"Location: {location}", body=b"")


async def stalled(head: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    # The loop holds who sleeps; who waits for an event that nobody holds is collected as garbage.
    await asyncio.sleep(600)


async def dripping_for_ever(head: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


async def dripping(head: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(REPORT)}\r\n\r\n".encode())
    for at in range(len(REPORT)):
        writer.write(REPORT[at : at + 1])
        await writer.drain()
        await asyncio.sleep(0.01)


async def cut_short(head: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")


class Changes(TypedDict, total=False):
    token: str | None
    read_timeout: float
    total_timeout: float
    max_bytes: int
    attempts: int
    patience: float
    longest_wait: float


def client(
    feed_url: str, *, breaker: CircuitBreaker | None = None, **settings: Unpack[Changes]
) -> FeedClient:
    quick = FeedSettings(feed_url, "CODE", token=TOKEN, first_wait=0.001, trust_environment=False)
    return FeedClient(replace(quick, **settings), clock=utc_now, breaker=breaker)


async def test_a_report_is_asked_for_with_code_token_and_name(serve: Serve) -> None:
    feed = await serve(answer())

    got = await client(feed.url).fetch()

    lines = feed.requests[0].decode().split("\r\n")
    assert got.body == REPORT
    assert lines[0] == "GET /user/affiliate/referral-leaderboard/CODE HTTP/1.1"
    assert f"Authorization: Bearer {TOKEN}" in lines
    assert f"User-Agent: goatedvips/{__version__}" in lines
    assert "Accept-Encoding: gzip" in lines


async def test_without_a_token_none_is_sent(serve: Serve) -> None:
    feed = await serve(answer())

    await client(feed.url, token=None).fetch()

    assert b"authorization" not in feed.requests[0].lower()


async def test_the_answer_is_true_for_the_moment_its_own_attempt_was_sent(serve: Serve) -> None:
    feed = await serve(answer("503 Busy"), answer())
    minutes = count()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    settings = FeedSettings(feed.url, "CODE", first_wait=0.001, trust_environment=False)
    never = CircuitBreaker(utc_now)
    asked: list[datetime] = []

    def clock() -> datetime:
        asked.append(start + timedelta(minutes=next(minutes)))
        return asked[-1]

    got = await FeedClient(settings, clock=clock, breaker=never).fetch()

    assert [got.asked_at, got.answered_at] == asked[-2:]
    assert len(asked) > 2


async def test_a_drip_fed_report_is_waited_for_and_its_progress_told(serve: Serve) -> None:
    feed = await serve(dripping)
    told: list[tuple[int, int | None]] = []

    got = await client(feed.url, read_timeout=5).fetch(on_progress=lambda done, of: told.append((done, of)))

    assert got.body == REPORT
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1] == (len(REPORT), len(REPORT))


async def test_a_drip_without_end_is_given_up_at_the_total_time(serve: Serve) -> None:
    feed = await serve(dripping_for_ever)

    with pytest.raises(FeedTimedOut, match=r"in 1 attempt: It was not done after 0\.2 s\."):
        await client(feed.url, total_timeout=0.2, attempts=1).fetch()


async def test_silence_in_the_middle_is_a_timeout_and_asked_again(serve: Serve) -> None:
    feed = await serve(stalled, answer())

    assert (await client(feed.url, read_timeout=0.1).fetch()).body == REPORT
    with pytest.raises(FeedTimedOut, match=r"silent for 0\.1 s"):
        await client((await serve(stalled)).url, read_timeout=0.1, attempts=2).fetch()


@pytest.mark.parametrize("broken", [answer(length=len(REPORT) + 7), cut_short], ids=["too short", "cut"])
async def test_a_body_that_ends_early_is_never_taken_for_a_report(serve: Serve, broken: Handler) -> None:
    feed = await serve(broken)

    with pytest.raises(FeedUnavailable, match="in 2 attempts: RemoteProtocolError"):
        await client(feed.url, attempts=2).fetch()


async def test_a_feed_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(FeedUnavailable, match="ConnectError"):
        await client("http://127.0.0.1:1", attempts=2).fetch()


async def test_a_compressed_report_is_opened_and_counted_open(serve: Serve) -> None:
    feed = await serve(answer("200 OK", "Content-Encoding: gzip", body=gzip.compress(REPORT)))
    told: list[tuple[int, int | None]] = []

    got = await client(feed.url).fetch(on_progress=lambda done, of: told.append((done, of)))

    assert got.body == REPORT
    assert told[-1] == (len(REPORT), None)


async def test_a_bomb_is_defused_at_the_cap(serve: Serve) -> None:
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    feed = await serve(answer("200 OK", "Content-Encoding: gzip", body=bomb))
    told: list[int] = []

    with pytest.raises(FeedTooLarge, match="8,000,000"):
        await client(feed.url, max_bytes=8_000_000).fetch(on_progress=lambda done, _: told.append(done))

    assert len(feed.requests) == 1
    assert max(told) <= 8_000_000


async def test_a_damaged_compression_is_unavailable(serve: Serve) -> None:
    feed = await serve(answer("200 OK", "Content-Encoding: gzip", body=b"not gzip at all"))

    with pytest.raises(FeedUnavailable, match="DecodingError"):
        await client(feed.url, attempts=1).fetch()


async def test_an_announced_size_beyond_the_cap_is_not_even_read(serve: Serve) -> None:
    feed = await serve(answer(length=10**12))

    with pytest.raises(FeedTooLarge):
        await client(feed.url).fetch()


async def test_a_redirect_on_the_same_host_is_followed_with_the_token(serve: Serve) -> None:
    feed = await serve(redirect("/moved?to=here"), answer())

    assert (await client(feed.url).fetch()).body == REPORT
    assert feed.requests[1].startswith(b"GET /moved?to=here ")
    assert TOKEN.encode() in feed.requests[1]


async def test_a_redirect_elsewhere_is_refused_and_nothing_sent_there(serve: Serve) -> None:
    other = await serve(answer())
    feed = await serve(redirect(other.url))

    with pytest.raises(FeedRedirected, match="which is not followed"):
        await client(feed.url).fetch()

    assert other.requests == []
    assert len(feed.requests) == 1


async def test_redirects_without_end_are_left(serve: Serve) -> None:
    feed = await serve(redirect("/again"))

    with pytest.raises(FeedRedirected, match="more than 3 times"):
        await client(feed.url).fetch()

    assert len(feed.requests) == 4


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 404])
async def test_what_may_pass_is_asked_again(serve: Serve, status: int) -> None:
    feed = await serve(answer(f"{status} Later"), answer(f"{status} Later"), answer())

    assert (await client(feed.url).fetch()).body == REPORT


@pytest.mark.parametrize("status", [400, 401, 403, 410])
async def test_what_does_not_pass_is_asked_once(serve: Serve, status: int) -> None:
    feed = await serve(answer(f"{status} No"))

    with pytest.raises(FeedRefused, match=str(status)) as refused:
        await client(feed.url).fetch()

    assert status == refused.value.answered
    assert len(feed.requests) == 1


async def test_a_lasting_404_is_refused_after_three_attempts(serve: Serve) -> None:
    feed = await serve(answer("404 Not Found"))

    with pytest.raises(FeedRefused, match="404") as refused:
        await client(feed.url, attempts=9).fetch()

    assert refused.value.answered == 404
    assert len(feed.requests) == 3


async def test_every_attempt_is_named_when_all_failed(serve: Serve) -> None:
    feed = await serve(answer("503 Busy"), answer("429 Slow"), cut_short)

    with pytest.raises(FeedUnavailable) as failed:
        await client(feed.url, attempts=3).fetch()

    expected = "The feed gave no report in 3 attempts: It answered 503; It answered 429; RemoteProtocolError"
    assert failed.value.detail.startswith(expected)


async def test_the_feed_is_given_the_time_it_asks_for(serve: Serve) -> None:
    feed = await serve(answer("429 Slow", "Retry-After: 3600"), answer())
    started = asyncio.get_running_loop().time()

    await client(feed.url, longest_wait=0.3).fetch()

    assert asyncio.get_running_loop().time() - started >= 0.29


async def test_no_attempt_is_begun_when_patience_would_be_over(serve: Serve) -> None:
    feed = await serve(answer("429 Slow", "Retry-After: 3600"))

    with pytest.raises(FeedUnavailable, match="in 1 attempt"):
        await client(feed.url, patience=30).fetch()

    assert len(feed.requests) == 1


@pytest.mark.parametrize("status", ["204 No Content", "206 Partial Content", "304 Not Modified"])
async def test_an_answer_that_is_no_report_is_not_taken_for_one(serve: Serve, status: str) -> None:
    feed = await serve(answer(status, body=b""))

    with pytest.raises(FeedUnavailable, match=status[:3]):
        await client(feed.url).fetch()


async def test_a_page_of_html_is_handed_on_for_the_wire_to_refuse(serve: Serve) -> None:
    feed = await serve(answer(body=b"<html>"))

    assert (await client(feed.url).fetch()).body == b"<html>"


async def test_a_feed_that_keeps_failing_is_left_alone_then_tried_again(serve: Serve) -> None:
    feed = await serve(answer("401 No"), answer("401 No"), answer())
    now = datetime(2026, 1, 1, tzinfo=UTC)
    breaker = CircuitBreaker(lambda: now, threshold=2, rest=timedelta(minutes=5))
    asker = client(feed.url, breaker=breaker)
    for _ in range(2):
        with pytest.raises(FeedRefused):
            await asker.fetch()

    with pytest.raises(CircuitOpen) as left_alone:
        await asker.fetch()
    now += timedelta(minutes=5)
    got = await asker.fetch()

    assert left_alone.value.retry_at == now
    assert got.body == REPORT
    assert len(feed.requests) == 3


async def test_who_insists_asks_although_the_feed_is_left_alone(serve: Serve) -> None:
    feed = await serve(answer("401 No"), answer())
    now = datetime(2026, 1, 1, tzinfo=UTC)
    breaker = CircuitBreaker(lambda: now, threshold=1, rest=timedelta(minutes=5))
    asker = client(feed.url, breaker=breaker)
    with pytest.raises(FeedRefused):
        await asker.fetch()
    rests = asker.resting_until

    got = await asker.fetch(insist=True)

    assert rests == now + timedelta(minutes=5)
    assert (got.body, asker.resting_until) == (REPORT, None)


async def test_a_cancelled_fetch_is_nobody_s_failure(serve: Serve) -> None:
    feed = await serve(stalled)
    breaker = CircuitBreaker(utc_now, threshold=1)
    first_bytes = asyncio.Event()
    task = asyncio.create_task(
        client(feed.url, breaker=breaker).fetch(on_progress=lambda *_: first_bytes.set())
    )
    await first_bytes.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task

    breaker.admit()


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(answer("401 No"), id="refused"),
        pytest.param(answer("503 Busy"), id="busy"),
        pytest.param(cut_short, id="cut short"),
        pytest.param(redirect("http://elsewhere.test/"), id="redirected"),
        pytest.param(stalled, id="stalled"),
    ],
)
async def test_the_token_shows_nowhere(
    serve: Serve, caplog: pytest.LogCaptureFixture, handler: Handler
) -> None:
    feed = await serve(handler)
    asker = client(feed.url, attempts=2, read_timeout=0.1)
    caplog.set_level(logging.DEBUG)

    with pytest.raises(UpstreamError) as failed:
        await asker.fetch()

    settings = FeedSettings(feed.url, "CODE", token=TOKEN)
    texts = [
        caplog.text,
        repr(failed.value),
        failed.value.detail,
        repr(asker),
        repr(settings),
        str(vars(failed.value)),
    ]
    assert TOKEN not in "\n".join(texts)
    assert failed.value.__cause__ is None


@pytest.mark.parametrize("token", ["", " ", "two\nlines", "tökén"])
def test_a_token_that_cannot_be_sent_is_refused_unquoted(token: str) -> None:
    with pytest.raises(ValueError, match="token of the feed") as refused:
        FeedSettings("https://feed.test", "CODE", token=token)

    assert not token.strip() or token not in str(refused.value)
