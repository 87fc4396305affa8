"""A clock that several processes read: it stands still, or runs faster than life."""

import os
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = struct.Struct("qqq")
"""The story's microseconds at an anchor, the machine's nanoseconds then, and how much faster it runs."""


class StoryClock:
    """Reads the story's time from a file. `number` microseconds are added: they tell who wrote a moment."""

    def __init__(self, path: Path, *, number: int = 0) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT)
        self._number = number

    def __call__(self) -> datetime:
        base, began, speed = _FORM.unpack(os.pread(self._file, _FORM.size, 0))
        gone = (time.monotonic_ns() - began) * speed // 1000
        return _EPOCH + timedelta(microseconds=base + gone + self._number)

    def set(self, now: datetime, *, speed: int = 0) -> None:
        """Let it be this moment, from which time runs so much faster; 0 stands still."""
        base = (now - _EPOCH) // timedelta(microseconds=1)
        os.pwrite(self._file, _FORM.pack(base, time.monotonic_ns(), speed), 0)

    def move(self, **span: float) -> None:
        """Move a clock that stands still."""
        self.set(self() + timedelta(**span))

    def close(self) -> None:
        os.close(self._file)
