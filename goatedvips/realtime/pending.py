"""What one client still has to get: of every topic the newest frame, and nothing older."""

from collections import OrderedDict

from goatedvips.realtime.topics import Frame


class Pending:
    """The queue of one client. It never holds more than one frame of a topic.

    Topics take turns in the order in which they first had news: a newer frame takes
    the place of the older one, so a busy topic cannot starve a quiet one.
    """

    __slots__ = ("_deltas", "_held", "_newest")

    def __init__(self) -> None:
        self._newest: OrderedDict[str, Frame] = OrderedDict()
        self._held: dict[str, int] = {}
        self._deltas: set[str] = set()

    def __len__(self) -> int:
        return len(self._newest)

    @property
    def held(self) -> dict[str, int]:
        """The version of each topic that the client holds once it has read what was handed out."""
        return self._held

    def expect(self, topic: str, *, version: int | None, delta: bool) -> None:
        """Believe a client about the version it holds, and send it deltas from now on or whole pages."""
        self.forget(topic)
        if version is not None:
            self._held[topic] = version
        if delta:
            self._deltas.add(topic)

    def forget(self, topic: str) -> None:
        """Drop what waits of a topic and what is known about it."""
        self._newest.pop(topic, None)
        self._held.pop(topic, None)
        self._deltas.discard(topic)

    def clear(self) -> None:
        """Forget every topic."""
        self._newest.clear()
        self._held.clear()
        self._deltas.clear()

    def offer(self, frame: Frame) -> bool:
        """Queue a frame unless the client has it or a newer one waits; say whether an older one had to go."""
        topic, waiting = frame.topic, self._newest.get(frame.topic)
        if waiting is not None:
            if waiting.version >= frame.version:
                return False
            self._newest[topic] = frame
            return True
        if self._held.get(topic) != frame.version:
            self._newest[topic] = frame
        return False

    def take(self) -> str | None:
        """Hand out the text whose turn it is: a delta only if the client is known to hold its base."""
        if not self._newest:
            return None
        topic, frame = self._newest.popitem(last=False)
        held = self._held.get(topic)
        self._held[topic] = frame.version
        if frame.delta is not None and held is not None and held == frame.base and topic in self._deltas:
            return frame.delta
        return frame.whole
