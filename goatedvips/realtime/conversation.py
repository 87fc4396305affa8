"""What a client says on its socket, and what it is answered."""

import asyncio

from goatedvips.kit.errors import GoatedError, Malformed, TooManyRequests
from goatedvips.kit.instants import rfc3339
from goatedvips.realtime import protocol
from goatedvips.realtime.allowance import Allowance
from goatedvips.realtime.errors import TopicDenied
from goatedvips.realtime.options import RealtimeOptions
from goatedvips.realtime.protocol import ClientMessage, Ping, Subscribe, Unsubscribe
from goatedvips.realtime.subscriptions import Subscriptions
from goatedvips.realtime.watcher import Watcher

POLICY_VIOLATION = 1008


class Conversation:
    """Answers one client's messages, within limits."""

    def __init__(self, watcher: Watcher, subscriptions: Subscriptions, options: RealtimeOptions) -> None:
        self.watcher = watcher
        self._subscriptions = subscriptions
        self._options = options
        now = asyncio.get_running_loop().time()
        self._messages = Allowance(options.message_burst, options.messages_per_second, now=now)
        self._mistakes = Allowance(options.error_burst, options.errors_per_second, now=now)

    def greet(self) -> None:
        """Give the client what those get who ask for nothing."""
        self._subscriptions.hub.greet(self.watcher)

    async def hear(self, text: str | None) -> None:
        """Do what a message asks; `None` is a message that is not text."""
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
            self.watcher.say(protocol.denied(str(topic), error.detail))
        except GoatedError as error:
            self._complain(error, topic)

    async def _answer(self, message: ClientMessage) -> None:
        match message:
            case Ping():
                self.watcher.say(protocol.pong(rfc3339(self._options.clock())))
            case Unsubscribe(topic):
                self._subscriptions.drop(self.watcher, topic)
                self.watcher.say(protocol.unsubscribed(topic))
            case Subscribe():
                await self._subscriptions.add(self.watcher, message)

    def _complain(self, error: GoatedError, topic: str | None) -> None:
        self.watcher.say(protocol.error_frame(error, topic=topic))
        if not self._mistakes.spend(asyncio.get_running_loop().time()):
            self.watcher.end(POLICY_VIOLATION, "too many messages that make no sense here")
