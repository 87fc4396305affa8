"""The story's clock: real time from an anchor on, at a speed that may be changed."""

from dataclasses import dataclass
from datetime import datetime

from goatedvips.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Anchor:
    """The last moment at which somebody touched the clock, in both times."""

    real_at: datetime
    seconds: float = 0.0
    """Of story time since the story's origin."""
    speed: float = 1.0
    paused: bool = False


class Timeline:
    """Tells the story's time. It never goes backwards, whatever the real clock does."""

    def __init__(self, clock: Clock, anchor: Anchor) -> None:
        self._clock = clock
        self._latest = anchor.seconds
        self.anchor = anchor

    def seconds(self) -> float:
        """Return the seconds of story time since the origin."""
        if not self.anchor.paused:
            real = (self._clock() - self.anchor.real_at).total_seconds()
            self._latest = max(self._latest, self.anchor.seconds + real * self.anchor.speed)
        return self._latest

    def change(
        self, *, speed: float | None = None, paused: bool | None = None, advance_seconds: float = 0.0
    ) -> Anchor:
        """Set the anchor to this moment, with what is given changed, and return it."""
        self.anchor = Anchor(
            real_at=self._clock(),
            seconds=self.seconds() + advance_seconds,
            speed=self.anchor.speed if speed is None else speed,
            paused=self.anchor.paused if paused is None else paused,
        )
        self._latest = self.anchor.seconds
        return self.anchor
