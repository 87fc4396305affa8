"""One event stream (server-sent events): the same frames over plain HTTP, one way."""

import asyncio
import re
from contextlib import suppress

from starlette.types import Receive, Send

from goatedvips.realtime.options import RealtimeOptions
from goatedvips.realtime.topics import is_topic, shown
from goatedvips.realtime.watcher import Ending, Watcher

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    # nginx would hold events back to fill a buffer.
    (b"x-accel-buffering", b"no"),
]

NO_CODE = 1005

_TYPE = re.compile(r'\{"type":"(\w+)"')
_HELD = re.compile(r"([a-z_]+(?::\w+)?)=(\d{1,16})", re.ASCII)
_MAX_ID = 4096


def event_id(held: dict[str, int]) -> str:
    """Write what a client holds after an event: `race:7=42,races=3`. It comes back as Last-Event-ID."""
    return ",".join(f"{shown(topic)}={version}" for topic, version in held.items())


def versions_of(last_event_id: str) -> dict[str, int]:
    """Read what a client holds; what cannot be read is not held."""
    if len(last_event_id) > _MAX_ID:
        return {}
    found = (_HELD.fullmatch(part) for part in last_event_id.split(","))
    return {match[1]: int(match[2]) for match in found if match is not None and is_topic(match[1])}


def event(text: str, held: dict[str, int]) -> bytes:
    """Write one JSON message as an event named by its type."""
    named = _TYPE.match(text)
    name = f"event: {named[1]}\n" if named is not None else ""
    data = "\n".join(f"data: {line}" for line in text.splitlines())
    return f"{name}id: {event_id(held)}\n{data}\n\n".encode()


class EventStream:
    """Carries frames to one client until either side ends it."""

    def __init__(self, watcher: Watcher, options: RealtimeOptions, *, receive: Receive, send: Send) -> None:
        self._watcher = watcher
        self._options = options
        self._receive = receive
        self._send = send
        self._writing: asyncio.Task[None] | None = None
        self._cut = False

    async def run(self) -> None:
        """Send what comes, and a sign of life when nothing does; return when the stream is over."""
        self._writing = asyncio.current_task()
        self._watcher.on_end = self._end
        listening = asyncio.create_task(self._listen())
        try:
            await self._write()
        except asyncio.CancelledError:
            if not self._cut or self._writing is None:
                raise
            self._writing.uncancel()
        finally:
            self._watcher.on_end = None
            listening.cancel()
            await asyncio.wait([listening])
        if not self._cut:
            with suppress(OSError):
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self) -> None:
        await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await self._put(f"retry: {self._options.retry_milliseconds}\n\n".encode())
        watcher = self._watcher
        while watcher.ending is None:
            try:
                async with asyncio.timeout(self._options.heartbeat):
                    text = await watcher.next()
            except TimeoutError:
                await self._put(b": still here\n\n")
                continue
            if text is not None:
                await self._put(event(text, watcher.pending.held))

    async def _put(self, body: bytes) -> None:
        self._watcher.blocked_since = asyncio.get_running_loop().time()
        await self._send({"type": "http.response.body", "body": body, "more_body": True})
        self._watcher.blocked_since = None

    async def _listen(self) -> None:
        try:
            while (await self._receive())["type"] != "http.disconnect":
                pass
        finally:
            self._watcher.end(NO_CODE, "the client left")

    def _end(self, _ending: Ending) -> None:
        if self._writing is not None and self._watcher.blocked_since is not None:
            self._cut = True
            self._writing.cancel()
