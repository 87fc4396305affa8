"""Who follows what, and the present frame of every topic.

One hub serves one process and lives on one event loop; nothing here waits for a client.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import structlog

from goatedvips.realtime import protocol
from goatedvips.realtime.errors import HubFull, TooManyConnections
from goatedvips.realtime.options import RealtimeOptions
from goatedvips.realtime.topics import MY_TOPIC, Frame, TopicSource, Viewer, shown
from goatedvips.realtime.watcher import Counts, Watcher

GOING_AWAY = 1001
TRY_AGAIN_LATER = 1013

# Clients close within a round trip; whoever takes longer at a shutdown is cut off by the server.
_CLOSE_WITHIN = 2.0

_log = structlog.get_logger(__name__)


class Topic:
    """One topic: its present frame, who follows it, and whether those who asked for nothing get it too."""

    __slots__ = ("frame", "joining", "live", "loading", "watchers")

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self.live = False
        self.watchers: set[Watcher] = set()
        self.joining = 0
        self.loading: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Whether nobody would miss the frame that is kept."""
        return not (self.live or self.watchers or self.joining or self.loading)


class Hub:
    """Delivers frames: the newest of each topic to everybody who follows it."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._topics: dict[str, Topic] = {}
        self._watchers: set[Watcher] = set()
        self._plain: set[Watcher] = set()
        self._addresses: Counter[str] = Counter()
        self._closed = False
        self._empty = asyncio.Event()
        self._sweep_timer: asyncio.TimerHandle | None = None

    def publish(self, frame: Frame, *, default: bool = False) -> None:
        """Make this the present frame of its topic and let everybody who follows it have it.

        `default` gives it also to clients that never subscribed, now and until `withdraw`.
        A frame that is not newer than the present one changes nothing. Call it on the loop.
        """
        topic = self._topics.setdefault(frame.topic, Topic())
        newly_live = default and not topic.live
        topic.live = topic.live or default
        if topic.frame is None or frame.version > topic.frame.version:
            topic.frame = frame
            for watcher in topic.watchers:
                watcher.offer(frame)
        elif not newly_live:
            return
        if topic.live:
            for watcher in self._plain:
                watcher.offer(topic.frame)

    def withdraw(self, name: str) -> None:
        """Give the topic no longer to clients that never subscribed; what waits for them still goes out."""
        if name in self._topics:
            self._topics[name].live = False
            self._drop_if_idle(name)

    def admit(
        self, watcher: Watcher, address: str | None, limits: RealtimeOptions
    ) -> AbstractContextManager[None]:
        """Count a client in, and out when the context ends; raise `HubFull` or `TooManyConnections` at once.

        An address of `None` is not counted by.
        """
        if self._closed or self.counts.connections >= limits.max_connections:
            self.counts.refused += 1
            raise HubFull
        if address is not None and self._addresses[address] >= limits.max_per_address:
            self.counts.refused += 1
            raise TooManyConnections(limits.max_per_address)
        self._watchers.add(watcher)
        self.counts.connections += 1
        if address is not None:
            self._addresses[address] += 1
        if self._sweep_timer is None:
            self._sweep(limits.stall_after)
        return self._admission(watcher, address)

    def greet(self, watcher: Watcher) -> None:
        """Give a client that has not asked for anything every live race, now and from now on."""
        self._plain.add(watcher)
        for topic in self._topics.values():
            if topic.live and topic.frame is not None:
                watcher.offer(topic.frame)

    def choose(self, watcher: Watcher) -> None:
        """Send a client nothing any more but what it asks for."""
        if watcher in self._plain:
            self._plain.discard(watcher)
            watcher.pending.clear()

    @contextmanager
    def joining(self, name: str) -> Iterator[Topic]:
        """Keep the topic's frames from here on, so that a snapshot taken inside can be judged by them."""
        topic = self._topics.setdefault(name, Topic())
        topic.joining += 1
        try:
            yield topic
        finally:
            topic.joining -= 1
            self._drop_if_idle(name)

    async def present(self, name: str, source: TopicSource) -> Frame | None:
        """Return the newest frame of a topic that is being joined; many who wait cause one snapshot."""
        topic = self._topics[name]
        if topic.frame is None:
            if topic.loading is None:
                topic.loading = asyncio.create_task(self._load(name, topic, source))
                # Its error is for those who wait; when all of them hung up it is nobody's.
                topic.loading.add_done_callback(lambda task: task.cancelled() or task.exception())
            # Shielded: whoever hangs up must not take the snapshot away from the others.
            await asyncio.shield(topic.loading)
        return topic.frame

    def join(self, watcher: Watcher, name: str) -> None:
        """Let a client have every frame of the topic from now on."""
        self._topics.setdefault(name, Topic()).watchers.add(watcher)
        watcher.topics.add(name)

    def leave(self, watcher: Watcher, name: str) -> None:
        """Let a client have no more of the topic."""
        watcher.topics.discard(name)
        watcher.pending.forget(name)
        if name in self._topics:
            self._topics[name].watchers.discard(watcher)
            self._drop_if_idle(name)

    def watching(self, name: str) -> int:
        """Return how many clients follow the topic or are about to."""
        topic = self._topics.get(name)
        return 0 if topic is None else len(topic.watchers) + topic.joining

    def viewers(self) -> list[Viewer]:
        """Return who is signed in at any connection."""
        return [watcher.viewer for watcher in self._watchers if watcher.viewer is not None]

    def sign_out(self, concerns: Callable[[Viewer], bool]) -> None:
        """Take the private topics from every connection whose viewer this concerns, and tell it so."""
        for watcher in self._watchers:
            if watcher.viewer is None or not concerns(watcher.viewer):
                continue
            watcher.viewer = None
            for name in [name for name in watcher.topics if shown(name) == MY_TOPIC]:
                self.leave(watcher, name)
                watcher.say(protocol.denied(MY_TOPIC, "You are signed out."))

    async def close(self) -> None:
        """End every connection with 1001 and take no more; return when they are gone, or soon after."""
        self._closed = True
        for watcher in list(self._watchers):
            watcher.end(GOING_AWAY, "the server is going away")
        if self._watchers:
            self._empty.clear()
            try:
                await asyncio.wait_for(self._empty.wait(), _CLOSE_WITHIN)
            except TimeoutError:
                _log.warning(
                    "live connections are left to the server's own shutdown", count=len(self._watchers)
                )

    def _sweep(self, stall_after: float) -> None:
        self._sweep_timer = None
        if not self._watchers:
            return
        loop = asyncio.get_running_loop()
        for watcher in list(self._watchers):
            if watcher.ending is None and watcher.blocked_for(loop.time()) > stall_after:
                self.counts.stalled += 1
                watcher.end(TRY_AGAIN_LATER, "you do not read what is sent")
        # One timer for all: a timeout around every send would cost more than the send.
        self._sweep_timer = loop.call_later(min(1.0, stall_after / 4), self._sweep, stall_after)

    async def _load(self, name: str, topic: Topic, source: TopicSource) -> None:
        try:
            frame = await source.snapshot(name)
            # Something may have been published while the snapshot was read.
            if frame is not None and (topic.frame is None or frame.version > topic.frame.version):
                topic.frame = frame
        finally:
            topic.loading = None
            self._drop_if_idle(name)

    @contextmanager
    def _admission(self, watcher: Watcher, address: str | None) -> Iterator[None]:
        try:
            yield
        finally:
            self._release(watcher, address)

    def _release(self, watcher: Watcher, address: str | None) -> None:
        for name in list(watcher.topics):
            self.leave(watcher, name)
        self._plain.discard(watcher)
        self._watchers.discard(watcher)
        self.counts.connections -= 1
        if address is not None:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]
        if not self._watchers:
            self._empty.set()

    def _drop_if_idle(self, name: str) -> None:
        topic = self._topics.get(name)
        if topic is not None and topic.idle:
            del self._topics[name]
