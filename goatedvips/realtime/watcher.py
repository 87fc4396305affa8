"""One client as the hub sees it, whatever carries its messages."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from goatedvips.realtime.pending import Pending
from goatedvips.realtime.topics import Frame, Viewer


@dataclass(slots=True)
class Counts:
    """What a hub has done, for the metrics page."""

    connections: int = 0
    refused: int = 0
    sent: int = 0
    dropped: int = 0
    stalled: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """Why the server ends a connection: a close code of RFC 6455 and a sentence."""

    code: int
    reason: str


class Watcher:
    """What a client follows, what waits for it, and whether it is being ended.

    Whoever carries the messages loops over `next`, or sets `on_news` to be told to `take`.
    It notes in `blocked_since` when it began to wait for the client, and sets `on_end` to
    learn of an ending at once.
    """

    __slots__ = (
        "_counts",
        "_replies",
        "_wake",
        "blocked_since",
        "ending",
        "on_end",
        "on_news",
        "pending",
        "topics",
        "viewer",
    )

    def __init__(self, counts: Counts, viewer: Viewer | None = None) -> None:
        self.viewer = viewer
        self.topics: set[str] = set()
        self.pending = Pending()
        self.blocked_since: float | None = None
        self.ending: Ending | None = None
        self.on_end: Callable[[Ending], None] | None = None
        self.on_news: Callable[[], None] | None = None
        self._counts = counts
        self._replies: deque[str] = deque()
        self._wake = asyncio.Event()

    def offer(self, frame: Frame) -> None:
        """Let the client have this frame as soon as it can take it, unless a newer one comes first."""
        if self.pending.offer(frame):
            self._counts.dropped += 1
        self._tell()

    def say(self, text: str) -> None:
        """Answer the client. Answers are never dropped; what it may ask is limited."""
        self._replies.append(text)
        self._tell()

    def end(self, code: int, reason: str) -> None:
        """End the connection from our side; the first reason given stands."""
        if self.ending is None:
            self.ending = Ending(code, reason)
            self._wake.set()
            if self.on_end is not None:
                self.on_end(self.ending)

    @property
    def has_news(self) -> bool:
        """Whether there is something to send."""
        return bool(self._replies) or len(self.pending) > 0

    def blocked_for(self, now: float) -> float:
        """Return for how many seconds of the loop's clock one send has waited for the client."""
        return 0.0 if self.blocked_since is None else now - self.blocked_since

    def take(self) -> str | None:
        """Hand out the next text to send; None if there is none, or the connection is to end."""
        if self.ending is not None:
            return None
        text = self._replies.popleft() if self._replies else self.pending.take()
        if text is not None:
            self._counts.sent += 1
        return text

    async def next(self) -> str | None:
        """Wait for the next text to send; None when the connection is to end."""
        while self.ending is None:
            text = self.take()
            if text is not None:
                return text
            self._wake.clear()
            await self._wake.wait()
        return None

    def _tell(self) -> None:
        if self.on_news is None:
            self._wake.set()
        else:
            self.on_news()
