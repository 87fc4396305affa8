"""Measure what it costs to tell many sockets something, and what one that never reads costs the others.

    python benchmarks/sockets.py --clients 1000 --rounds 15

Three servers, each in a process of its own with so many clients in this one: our hub under uvicorn, the same
with one more client that never reads, and one that writes the same bytes to bare transports. A round
publishes one version and ends when every client that reads has all of it; rounds of the three alternate.
Prints medians with the slowest and fastest round, messages a second by the clock and the server's own
processor time a message, and ratios.
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import resource
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, TypeAlias, cast

import uvicorn
import uvloop
from starlette.applications import Starlette

from goatedvips.realtime.endpoints import routes
from goatedvips.realtime.hub import Hub
from goatedvips.realtime.options import RealtimeOptions
from goatedvips.realtime.protocol import page_frame
from goatedvips.realtime.server import SERVER_OPTIONS, LiveServer
from goatedvips.realtime.topics import Frame, Viewer

TOPIC = "race:7"
PLACES = 1000
Round: TypeAlias = tuple[float, float]
FIRST_VERSION = 100_000
"""Versions of one width keep every frame of a kind at one length, so clients need only count bytes."""
HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def row(place: int) -> dict[str, Any]:
    return {
        "userId": None,
        "goatedId": f"player{place:014d}",
        "username": f"somebody{place:06d}",
        "wagered": 1_000_000.25 - place,
        "position": place,
        "prize": 0,
    }


def make_frame(version: int, places: int) -> Frame:
    """Make a race page of so many places, and the delta of two rows that lead to it."""
    data = {"id": 7, "name": "Bench", "participants": [row(place + 1) for place in range(places)]}
    delta = {"changed": [row(1), row(2)], "removed": [], "metadata": {"version": version}}
    return page_frame("RACE", TOPIC, version=version, data=data, base=version - 1, delta=delta)


def framed(text: str) -> bytes:
    """Put a server's text frame together."""
    body = text.encode()
    if len(body) < 126:  # noqa: PLR2004 - RFC 6455, 5.2
        return bytes([0x81, len(body)]) + body
    if len(body) < 1 << 16:
        return bytes([0x81, 126]) + len(body).to_bytes(2, "big") + body
    return bytes([0x81, 127]) + len(body).to_bytes(8, "big") + body


def said(message: dict[str, Any]) -> bytes:
    """Put a client's text frame together; the mask is all zeros."""
    body = json.dumps(message).encode()
    assert len(body) < 126  # noqa: PLR2004 - the same
    return bytes([0x81, 0x80 | len(body)]) + bytes(4) + body


@dataclass
class Source:
    """Nothing but what is published."""

    async def snapshot(self, _topic: str) -> Frame | None:
        """Know of nothing else."""
        return None

    def may_watch(self, _topic: str, _viewer: Viewer | None) -> bool:
        """Let everybody in."""
        return True


@dataclass
class Server:
    """What either server does on its loop when told to: prepare a version, publish it, say what it cost."""

    orders: Connection
    places: int
    publish: Callable[[Frame], None]
    frame: Frame | None = None

    def obey(self) -> None:
        """Read an order and answer with the processor time so far."""
        order = self.orders.recv()
        if isinstance(order, int):
            self.frame = make_frame(order, self.places)
        elif self.frame is not None:
            self.publish(self.frame)
            self.frame = None
        self.orders.send(time.process_time())


def serve_hub(listening: socket.socket, orders: Connection, places: int) -> None:
    async def main() -> None:
        hub = Hub()
        hub.publish(make_frame(FIRST_VERSION, places))
        app = Starlette(routes=routes(hub, Source(), RealtimeOptions(stall_after=3600)))
        config = uvicorn.Config(
            app, **SERVER_OPTIONS, ws_ping_interval=None, log_level="warning", lifespan="off"
        )
        server = LiveServer(config, before_shutdown=hub.close)
        asyncio.get_running_loop().add_reader(orders.fileno(), Server(orders, places, hub.publish).obey)
        await server.serve(sockets=[listening])

    uvloop.run(main())


def serve_raw(listening: socket.socket, orders: Connection, places: int, *, delta: bool) -> None:
    transports: list[asyncio.WriteTransport] = []

    class Greeter(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            transports.append(cast("asyncio.WriteTransport", transport))

        def data_received(self, data: bytes) -> None:
            if data.startswith(b"GET"):
                transports[-1].write(b"HTTP/1.1 101\r\n\r\n")

    def publish(frame: Frame) -> None:
        body = framed(str(frame.delta) if delta else frame.whole)
        for transport in transports:
            transport.write(body)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(orders.fileno(), Server(orders, places, publish).obey)
        server = await loop.create_server(Greeter, sock=listening)
        await server.serve_forever()

    uvloop.run(main())


@dataclass
class Crowd:
    """Clients of one server, all in this thread."""

    port: int
    orders: Connection
    sockets: list[socket.socket] = field(default_factory=list)
    version: int = FIRST_VERSION
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def join(self, subscribe: dict[str, Any] | None, *, reads: bool = True) -> None:
        """Let one more client in."""
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.sendall(HANDSHAKE)
        connection.recv(4096)
        if subscribe is not None:
            connection.sendall(said(subscribe))
            connection.recv(4096)
        connection.setblocking(False)
        self.sockets.append(connection)
        if reads:
            self.selector.register(connection, selectors.EVENT_READ)

    def order(self, what: int | str) -> float:
        """Tell the server something; return its processor time."""
        self.orders.send(what)
        return float(self.orders.recv())

    def round(self, size: int) -> Round:
        """Publish once; return the seconds until all have it and the server's processor seconds."""
        missing = dict.fromkeys(self.selector.get_map(), size)
        left = len(missing)
        self.version += 1
        before = self.order(self.version)
        began = time.perf_counter()
        self.orders.send("publish")
        while left:
            for key, _ in self.selector.select(30):
                missing[key.fd] -= len(cast("socket.socket", key.fileobj).recv(1 << 18))
                left -= missing[key.fd] == 0
        took = time.perf_counter() - began
        self.orders.recv()
        return took, self.order("cost") - before


Serve = Callable[[socket.socket, Connection, int], None]


@contextmanager
def serving(serve: Serve, clients: int, subscribe: dict[str, Any] | None) -> Iterator[Crowd]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=4096)
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=serve, args=(listening, theirs, PLACES))
    process.start()
    crowd = Crowd(listening.getsockname()[1], ours)
    try:
        for _ in range(clients):
            crowd.join(subscribe)
        yield crowd
    finally:
        process.kill()
        process.join()


def ratios(ours: list[Round], theirs: list[Round]) -> str:
    """Compare round by round, so that whatever else the machine does weighs on both."""
    rate = statistics.median(their[0] / our[0] for our, their in zip(ours, theirs, strict=True))
    cost = statistics.median(our[1] / their[1] for our, their in zip(ours, theirs, strict=True))
    return f"{rate:.2f} of the messages a second, {cost:.2f} times the processor time"


def show(name: str, rounds: list[Round], clients: int) -> None:
    rates = sorted(clients / took for took, _ in rounds)
    costs = sorted(cost / clients * 1e6 for _, cost in rounds)
    rate, cost = statistics.median(rates), statistics.median(costs)
    print(
        f"  {name:34} {rate:9,.0f} messages/s ({rates[0]:,.0f} to {rates[-1]:,.0f})"
        f"   {cost:7.1f} µs each ({costs[0]:.1f} to {costs[-1]:.1f})"
    )


def compare(clients: int, rounds: int, *, delta: bool) -> None:
    frame = make_frame(FIRST_VERSION + 1, PLACES)
    size = len(framed(str(frame.delta) if delta else frame.whole))
    mode = "delta" if delta else "whole"
    ask = {"type": "subscribe", "topic": TOPIC, "version": FIRST_VERSION, "mode": mode}
    print(f"{'deltas' if delta else 'whole pages'}: {size:,} bytes to each of {clients:,} sockets")
    alone: list[Round] = []
    bare: list[Round] = []
    beside: list[Round] = []
    serve_bare = partial(serve_raw, delta=delta)
    with (
        serving(serve_hub, clients, ask) as hub,
        serving(serve_bare, clients, None) as raw,
        serving(serve_hub, clients, ask) as burdened,
    ):
        burdened.join({"type": "subscribe", "topic": TOPIC}, reads=False)
        # A few whole pages fill what the machine buffers for it; from then on the hub waits.
        for _ in range(10):
            burdened.round(size)
        contest = [(hub, alone), (raw, bare), (burdened, beside)]
        for _ in range(rounds):
            for crowd, results in contest:
                results.append(crowd.round(size))
            # Nobody profits from always coming after the same one.
            random.shuffle(contest)
    show("the hub", alone, clients)
    show("bare writes", bare, clients)
    show("the hub, beside one that never reads", beside, clients)
    print(f"  hub to bare writes, median of the rounds: {ratios(alone, bare)}")
    print(f"  beside one that never reads to without:   {ratios(beside, alone)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--quick", action="store_true", help="little data: that it runs, not how fast")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.clients, chosen.rounds = 100, 2
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    compare(chosen.clients, chosen.rounds, delta=True)
    compare(chosen.clients, chosen.rounds, delta=False)


if __name__ == "__main__":
    main()
