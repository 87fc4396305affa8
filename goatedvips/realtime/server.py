"""What the live endpoints need of uvicorn beyond ASGI: to write at once, and to leave who does not read.

ASGI's own close waits until the client has read everything before it, which is for ever
where it matters. Give these to uvicorn; under another server the endpoints still work, but a
client that stalls is dropped without a close code.
"""

import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any, cast

import uvicorn
from starlette.types import Scope
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

SOCKET = "goatedvips.socket"
GOING_AWAY = 1001
TRY_AGAIN_LATER = 1013
MAX_MESSAGE = 64 * 1024

# How long a client may take to read our goodbye, and how long while the process waits to end.
LEAVE_WITHIN = 10.0
SHUTDOWN_WITHIN = 1.0
UNREAD_MILLISECONDS = 60_000
UNSENT_BYTES = 128 * 1024


@lru_cache(maxsize=32)
def framed(text: str) -> bytes:
    """Give a text its form on the wire; a page that goes to thousands is given it once."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class SocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's socket, which can also say goodbye to a client that does not read, and then hang up."""

    on_writable: Callable[[], None] | None = None

    async def run_asgi(self) -> None:
        """Offer itself to the application as an extension of the scope."""
        extensions = cast("dict[str, Any]", self.scope["extensions"])
        extensions[SOCKET] = {"socket": self}
        await super().run_asgi()

    async def send(self, message: ASGISendEvent) -> None:
        """Send what ASGI knows, and take a refusal with an answer of its own for the end of the handshake.

        uvicorn would log an error for every one of them.
        """
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True

    def write_text(self, text: str) -> None:
        """Send a message at once; ask `writable` before, and set `on_writable` to learn when it is again."""
        if self.close_sent or self.transport.is_closing():
            return
        if self.conn.extensions:
            self.conn.send_text(text.encode())
            self.transport.write(b"".join(self.conn.data_to_send()))
        else:
            self.transport.write(framed(text))

    def resume_writing(self) -> None:
        """Let the application write again."""
        super().resume_writing()
        if self.on_writable is not None:
            self.on_writable()

    def leave(self, code: int, reason: str) -> None:
        """Put a close frame behind what is queued; whoever has not read it in time is cut off."""
        if self.close_sent or self.transport.is_closing():
            self._cut_off_after(LEAVE_WITHIN)
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self._write_goodbye()

    def shutdown(self) -> None:
        """Tell clients that the server goes away (uvicorn would say that it restarts)."""
        self.stop_keepalive()
        if self.handshake_complete:
            self.leave(GOING_AWAY, "the server is going away")
            # The whole process waits for this connection to end.
            self._cut_off_after(SHUTDOWN_WITHIN)
        else:
            super().shutdown()

    def keepalive_timeout(self) -> None:
        """Take no answer to a ping for what it is: a client that does not read."""
        self.pong_timer = None
        self.pending_ping_payload = None
        self.leave(TRY_AGAIN_LATER, "you do not read what is sent")

    def handle_parser_exception(self) -> None:
        """Close with the parser's code (1009, 1007, 1002) and let the client read it.

        To close at once, with input unread, would reset the connection and lose the code.
        """
        close = self.conn.close_sent
        if self.close_sent or close is None:
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": close.code, "reason": close.reason})
        self._write_goodbye()
        # The parser reads no more, so it would miss the client's answer: we end our half instead.
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def handle_close(self, event: Frame) -> None:
        """Close as the client wishes, even if it never reads what it was sent before."""
        super().handle_close(event)
        self._cut_off_after(LEAVE_WITHIN)

    def _write_goodbye(self) -> None:
        self.stop_keepalive()
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self._cut_off_after(LEAVE_WITHIN)

    def _cut_off_after(self, seconds: float) -> None:
        if self.close_timer is not None:
            self.close_timer.cancel()
        if not self.disconnected:
            self.close_timer = self.loop.call_later(seconds, self.transport.abort)


# Deflate costs more than the bytes it saves: deltas are small, and pages are compressed for nobody else.
SERVER_OPTIONS: dict[str, Any] = {
    "ws": SocketProtocol,
    "ws_max_size": MAX_MESSAGE,
    "ws_per_message_deflate": False,
}
"""Arguments for `uvicorn.Config`."""


class LiveServer(uvicorn.Server):
    """uvicorn, which ends live connections before it waits for requests to finish.

    An event stream is a request that never finishes, so uvicorn alone would wait for ever.
    """

    def __init__(self, config: uvicorn.Config, *, before_shutdown: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._before_shutdown = before_shutdown

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, with limits on what the kernel keeps for a client that is slow to read."""
        await super().startup(sockets)
        for server in self.servers:
            for listening in server.sockets:
                if listening.family in {socket.AF_INET, socket.AF_INET6}:
                    _limit_unread(listening.fileno())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End live connections, then everything else."""
        await self._before_shutdown()
        await super().shutdown(sockets)


def _limit_unread(fileno: int) -> None:
    """Set what accepted connections inherit; systems that know no such options go without."""
    options = {
        # Megabytes of stale frames would wait in the kernel, where a newer one cannot take their place.
        "TCP_NOTSENT_LOWAT": UNSENT_BYTES,
        # A connection that we closed and nobody reads would stay for ever.
        "TCP_USER_TIMEOUT": UNREAD_MILLISECONDS,
    }
    # The copy is for uvloop, which lends no real socket.
    with socket.socket(fileno=os.dup(fileno)) as listening:
        for name, value in options.items():
            if hasattr(socket, name):
                with suppress(OSError):
                    listening.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def socket_of(scope: Scope) -> SocketProtocol | None:
    """Return the connection itself, if the server is ours."""
    extension = (scope.get("extensions") or {}).get(SOCKET)
    return None if extension is None else cast("SocketProtocol", extension["socket"])
