"""The rules of following a topic, the same for a socket and for an event stream."""

from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from goatedvips.kit.errors import GoatedError, NotReady
from goatedvips.realtime.errors import TooManyTopics, TopicDenied, TopicUnknown
from goatedvips.realtime.hub import Hub
from goatedvips.realtime.protocol import Subscribe, subscribed
from goatedvips.realtime.topics import MY_TOPIC, Frame, TopicSource, address
from goatedvips.realtime.watcher import Watcher

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Lets clients into topics and out again."""

    hub: Hub
    source: TopicSource
    max_topics: int

    async def add(self, watcher: Watcher, asked: Subscribe) -> None:
        """Follow a topic: confirm with its present version, then send what leads there.

        Raises `TopicDenied`, `TopicUnknown`, `TooManyTopics`, or `NotReady` if there is no telling.
        """
        name = address(asked.topic, watcher.viewer)
        # `me` of nobody would be one topic for everybody who is not signed in.
        if name == MY_TOPIC or not self.source.may_watch(asked.topic, watcher.viewer):
            raise TopicDenied(asked.topic)
        if name not in watcher.topics and len(watcher.topics) >= self.max_topics:
            raise TooManyTopics(self.max_topics)
        self.hub.choose(watcher)
        # Join first, snapshot second: a frame published meanwhile is kept and wins if it is newer.
        with self.hub.joining(name):
            frame = await self._present(name)
            if frame is None:
                raise TopicUnknown(asked.topic)
            if watcher.ending is not None or name != address(asked.topic, watcher.viewer):
                return
            self.hub.join(watcher, name)
        # From here to the end nothing waits, so no frame can come between.
        watcher.pending.expect(name, version=asked.version, delta=asked.delta)
        watcher.say(subscribed(asked.topic, frame.version))
        watcher.offer(frame)

    async def _present(self, name: str) -> Frame | None:
        try:
            return await self.hub.present(name, self.source)
        except GoatedError:
            raise
        except Exception as error:
            if isinstance(error, SQLAlchemyError | OSError):
                _log.warning("snapshot.failed", topic=name, error=str(error).splitlines()[0])
            else:
                _log.exception("snapshot.crashed", topic=name)
            raise NotReady("The present state cannot be read just now; try again.") from error

    def drop(self, watcher: Watcher, topic: str) -> None:
        """Follow a topic no longer; to leave one that is not followed is no mistake."""
        self.hub.leave(watcher, address(topic, watcher.viewer))
