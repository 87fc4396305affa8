"""How much of something a client may do: so many at once, and so many a second after that."""


class Allowance:
    """A bucket that starts full and fills up at a steady rate. The time is handed in, in seconds."""

    __slots__ = ("_filled_at", "_left", "_most", "_per_second")

    def __init__(self, most: float, per_second: float, *, now: float) -> None:
        self._most = most
        self._per_second = per_second
        self._left = most
        self._filled_at = now

    def spend(self, now: float) -> bool:
        """Take one and say True, or say False if there is none left."""
        self._left = min(self._most, self._left + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
