"""A real uvicorn in a thread, with the live endpoints and a source the test fills."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from websockets.asyncio.client import ClientConnection, connect

from goatedvips.kit.errors import GoatedError
from goatedvips.realtime.endpoints import routes
from goatedvips.realtime.hub import Hub
from goatedvips.realtime.options import RealtimeOptions
from goatedvips.realtime.protocol import page_frame
from goatedvips.realtime.server import SERVER_OPTIONS, LiveServer
from goatedvips.realtime.topics import MY_TOPIC, Frame, Viewer

T = TypeVar("T")

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def race(version: int, *, race_id: int = 7, delta: bool = False, padding: int = 0) -> Frame:
    """A race page whose data say its version; with `delta`, also the way from the version before."""
    return page_frame(
        "RACE",
        f"race:{race_id}",
        version=version,
        data={"id": race_id, "seen": version, "padding": "x" * max(padding, 50)},
        base=version - 1 if delta else None,
        delta={"seen": version} if delta else None,
    )


@dataclass(frozen=True)
class SomeUser:
    user_id: int


@dataclass
class Source:
    """Snapshots a test lays out; `gate` holds them back until the test opens it."""

    frames: dict[str, Frame] = field(default_factory=dict)
    gate: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list)
    fails: bool = False

    async def snapshot(self, topic: str) -> Frame | None:
        self.asked.append(topic)
        frame = self.frames.get(topic)
        if self.gate is not None:
            await self.gate.wait()
        if self.fails:
            raise ConnectionError("the database is away")
        return frame

    def may_watch(self, topic: str, viewer: Viewer | None) -> bool:
        return topic != MY_TOPIC or viewer is not None


async def by_header(connection: HTTPConnection) -> Viewer | None:
    user = connection.headers.get("x-user")
    return SomeUser(int(user)) if user else None


async def problem(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, GoatedError)
    return JSONResponse({"code": error.code, "detail": error.detail}, error.status)


@dataclass
class Site:
    """A running server. `do` runs something on its loop, where the hub lives."""

    hub: Hub
    source: Source
    port: int
    loop: asyncio.AbstractEventLoop
    server: LiveServer
    thread: threading.Thread

    def do(self, act: Callable[[], T]) -> T:
        async def on_loop() -> T:
            return act()

        return asyncio.run_coroutine_threadsafe(on_loop(), self.loop).result(10)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to come true on the server's loop."""
        async with asyncio.timeout(20):
            while not self.do(condition):  # noqa: ASYNC110 - another thread's loop has no event for us
                await asyncio.sleep(0.001)

    async def until_blocked(self, clients: int) -> None:
        """Wait until the server waits for so many clients to read."""
        await self.until(lambda: sum(w.blocked_since is not None for w in self.hub._watchers) == clients)

    def publish(self, frame: Frame, *, default: bool = False) -> None:
        self.do(lambda: self.hub.publish(frame, default=default))

    @asynccontextmanager
    async def client(self, **headers: str) -> AsyncIterator["Client"]:
        url = f"ws://127.0.0.1:{self.port}/ws"
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        async with connect(
            url, compression=None, ping_interval=None, max_size=None, additional_headers=names
        ) as connection:
            yield Client(connection)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()


@dataclass
class Client:
    connection: ClientConnection

    async def say(self, **message: object) -> None:
        await self.connection.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self.connection.recv(), 10))
        return message

    async def subscribe(self, topic: str, **more: object) -> dict[str, Any]:
        await self.say(type="subscribe", topic=topic, **more)
        return await self.hear()

    async def hears_nothing(self) -> None:
        """Prove that nothing was under way: the answer to a ping is the next thing heard."""
        await self.say(type="ping")

        assert (await self.hear())["type"] == "pong"

    async def close_code(self) -> int | None:
        await asyncio.wait_for(self.connection.wait_closed(), 15)
        return self.connection.close_code


@contextmanager
def running(options: RealtimeOptions, **config: object) -> Iterator[Site]:
    hub, source = Hub(), Source()
    app = Starlette(routes=routes(hub, source, options), exception_handlers={GoatedError: problem})
    listening = socket.create_server(("127.0.0.1", 0))
    settings: dict[str, Any] = SERVER_OPTIONS | {"log_level": "warning", "lifespan": "off"} | config
    server = LiveServer(uvicorn.Config(app, **settings), before_shutdown=hub.close)
    started: list[asyncio.AbstractEventLoop] = []
    ready = threading.Event()

    async def serve() -> None:
        started.append(asyncio.get_running_loop())
        ready.set()
        await server.serve(sockets=[listening])

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(10)
    while thread.is_alive() and not server.started:
        time.sleep(0.001)
    site = Site(hub, source, listening.getsockname()[1], started[0], server, thread)
    try:
        yield site
    finally:
        if thread.is_alive():
            site.stop()


@pytest.fixture
def options() -> RealtimeOptions:
    return RealtimeOptions(identify=by_header, clock=lambda: NOON)


@pytest.fixture
def site(options: RealtimeOptions) -> Iterator[Site]:
    with running(options) as site:
        yield site
