"""One socket: a task that reads and the one that writes."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.types import Receive, Scope, Send

from goatedvips.kit.clock import rfc3339
from goatedvips.kit.errors import GoatedError, Malformed, TooManyRequests
from goatedvips.realtime import protocol
from goatedvips.realtime.allowance import Allowance
from goatedvips.realtime.errors import TopicDenied
from goatedvips.realtime.options import RealtimeOptions
from goatedvips.realtime.protocol import ClientMessage, Ping, Subscribe, Unsubscribe
from goatedvips.realtime.server import leave_of
from goatedvips.realtime.subscriptions import Subscriptions
from goatedvips.realtime.watcher import Ending, Watcher

NO_CODE = 1005
POLICY_VIOLATION = 1008
INTERNAL_ERROR = 1011


class Socket:
    """Carries one client's messages until either side ends it."""

    def __init__(
        self,
        watcher: Watcher,
        subscriptions: Subscriptions,
        options: RealtimeOptions,
        *,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        self._watcher = watcher
        self._subscriptions = subscriptions
        self._options = options
        self._receive = receive
        self._send = send
        self._leave: Callable[[int, str], None] | None = leave_of(scope)
        self._writing: asyncio.Task[None] | None = None
        self._left = False
        self._cut = False
        now = asyncio.get_running_loop().time()
        self._messages = Allowance(options.message_burst, options.messages_per_second, now=now)
        self._mistakes = Allowance(options.error_burst, options.errors_per_second, now=now)

    async def run(self) -> None:
        """Deliver what comes and answer what the client says; return when the connection is over."""
        await self._send({"type": "websocket.accept"})
        self._writing = asyncio.current_task()
        self._watcher.on_end = self._end
        self._subscriptions.hub.greet(self._watcher)
        reading = asyncio.create_task(self._read())
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
        await self._say_goodbye()
        if not reading.cancelled():
            reading.result()

    async def _write(self) -> None:
        watcher, send, time = self._watcher, self._send, asyncio.get_running_loop().time
        while (text := await watcher.next()) is not None:
            watcher.blocked_since = time()
            try:
                await send({"type": "websocket.send", "text": text})
            except (OSError, RuntimeError):
                # Closed under our hands; servers say so in either way.
                self._left = True
                return
            watcher.blocked_since = None

    async def _read(self) -> None:
        try:
            while self._watcher.ending is None:
                message = await self._receive()
                if message["type"] == "websocket.disconnect":
                    self._left = True
                    self._watcher.end(message.get("code") or NO_CODE, "the client left")
                    return
                await self._hear(message.get("text"))
        finally:
            # Only what was not foreseen gets here without an ending; `run` raises it.
            self._watcher.end(INTERNAL_ERROR, "something went wrong here")

    async def _hear(self, text: str | None) -> None:
        topic = None
        try:
            if not self._messages.spend(asyncio.get_running_loop().time()):
                raise TooManyRequests("You send too much; wait a second.", retry_after=1)
            if text is None:
                raise Malformed("Messages are text frames, not binary ones.")
            message = protocol.parse(text)
            topic = getattr(message, "topic", None)
            await self._answer(message)
        except TopicDenied as error:
            self._watcher.say(protocol.denied(str(topic), error.detail))
        except GoatedError as error:
            self._complain(error, topic)

    async def _answer(self, message: ClientMessage) -> None:
        match message:
            case Ping():
                self._watcher.say(protocol.pong(rfc3339(self._options.clock())))
            case Unsubscribe(topic):
                self._subscriptions.drop(self._watcher, topic)
                self._watcher.say(protocol.unsubscribed(topic))
            case Subscribe():
                await self._subscriptions.add(self._watcher, message)

    def _complain(self, error: GoatedError, topic: str | None) -> None:
        self._watcher.say(protocol.error_frame(error, topic=topic))
        if not self._mistakes.spend(asyncio.get_running_loop().time()):
            self._watcher.end(POLICY_VIOLATION, "too many messages that make no sense here")

    def _end(self, ending: Ending) -> None:
        if self._leave is not None and not self._left:
            self._leave(ending.code, ending.reason)
        if self._writing is not None and self._watcher.blocked_since is not None:
            # A send that waits for the client would wait as long as it pleases.
            self._cut = True
            self._writing.cancel()

    async def _say_goodbye(self) -> None:
        ending = self._watcher.ending
        if ending is None or self._left:
            return
        if self._leave is not None:
            self._leave(ending.code, ending.reason)
        elif not self._cut:
            with suppress(OSError, RuntimeError):
                await self._send({"type": "websocket.close", "code": ending.code, "reason": ending.reason})
