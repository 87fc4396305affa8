"""One socket: what carries its messages, over our own server or over any other."""

import asyncio
from contextlib import suppress

from starlette.types import Receive, Scope, Send

from goatedvips.realtime.conversation import Conversation
from goatedvips.realtime.server import SocketProtocol, socket_of
from goatedvips.realtime.watcher import Ending

NO_CODE = 1005
INTERNAL_ERROR = 1011


async def converse(conversation: Conversation, *, scope: Scope, receive: Receive, send: Send) -> None:
    """Accept a socket and serve it until either side ends it."""
    await send({"type": "websocket.accept"})
    socket = socket_of(scope)
    if socket is None:
        await AsgiSocket(conversation, receive, send).run()
    else:
        await DirectSocket(conversation, receive, socket).run()


async def read(conversation: Conversation, receive: Receive) -> bool:
    """Hear the client out; say whether it was the one that ended the connection."""
    watcher = conversation.watcher
    try:
        while watcher.ending is None:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                watcher.on_end = None
                watcher.end(message.get("code") or NO_CODE, "the client left")
                return True
            await conversation.hear(message.get("text"))
    finally:
        # Only what was not foreseen gets here without an ending; it is raised as well.
        watcher.end(INTERNAL_ERROR, "something went wrong here")
    return False


class DirectSocket:
    """A socket of our own server: frames go straight to its transport, without a task that writes."""

    def __init__(self, conversation: Conversation, receive: Receive, socket: SocketProtocol) -> None:
        self._conversation = conversation
        self._watcher = conversation.watcher
        self._receive = receive
        self._socket = socket

    async def run(self) -> None:
        """Deliver what comes and answer what the client says; return when the connection is over."""
        watcher = self._watcher
        watcher.on_end, watcher.on_news, self._socket.on_writable = self._end, self._flush, self._resume
        try:
            self._conversation.greet()
            if not await read(self._conversation, self._receive) and watcher.ending is not None:
                self._end(watcher.ending)
        finally:
            watcher.on_end = watcher.on_news = self._socket.on_writable = None

    def _flush(self) -> None:
        watcher, socket = self._watcher, self._socket
        while socket.writable.is_set():
            text = watcher.take()
            if text is None:
                return
            socket.write_text(text)
        if watcher.blocked_since is None and watcher.has_news:
            watcher.blocked_since = socket.loop.time()

    def _resume(self) -> None:
        self._watcher.blocked_since = None
        self._flush()

    def _end(self, ending: Ending) -> None:
        self._socket.leave(ending.code, ending.reason)


class AsgiSocket:
    """A socket of some other server: one task reads and one writes, since a send may wait for the client."""

    def __init__(self, conversation: Conversation, receive: Receive, send: Send) -> None:
        self._conversation = conversation
        self._watcher = conversation.watcher
        self._receive = receive
        self._send = send
        self._writing: asyncio.Task[None] | None = None
        self._cut = False

    async def run(self) -> None:
        """Deliver what comes and answer what the client says; return when the connection is over."""
        self._writing = asyncio.current_task()
        self._watcher.on_end = self._end
        self._conversation.greet()
        reading = asyncio.create_task(read(self._conversation, self._receive))
        try:
            await self._write()
        except asyncio.CancelledError:
            if not self._cut or self._writing is None:
                raise
            self._writing.uncancel()
        finally:
            self._watcher.on_end = None
            reading.cancel()
            await asyncio.wait([reading])
        client_left = not reading.cancelled() and reading.result()
        if not client_left and not self._cut:
            await self._say_goodbye()

    async def _write(self) -> None:
        watcher, send, time = self._watcher, self._send, asyncio.get_running_loop().time
        while (text := await watcher.next()) is not None:
            watcher.blocked_since = time()
            try:
                await send({"type": "websocket.send", "text": text})
            except (OSError, RuntimeError):
                return  # Closed under our hands; servers say so in either way.
            watcher.blocked_since = None

    def _end(self, _ending: Ending) -> None:
        if self._writing is not None and self._watcher.blocked_since is not None:
            # A send that waits for the client would wait as long as it pleases.
            self._cut = True
            self._writing.cancel()

    async def _say_goodbye(self) -> None:
        ending = self._watcher.ending
        if ending is not None:
            with suppress(OSError, RuntimeError):
                await self._send({"type": "websocket.close", "code": ending.code, "reason": ending.reason})
