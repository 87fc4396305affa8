"""Work that a reader can ask for and that is too heavy to be done as often as it is asked for."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from goatedvips.kit.errors import NotReady

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Rebuilding(Generic[Key, Made]):
    """Makes one thing at a time, however many are asked for, and keeps the last few."""

    def __init__(self, *, kept: int, waiting: int) -> None:
        self._kept = kept
        self._most_waiting = waiting
        self._wanted: Counter[Key] = Counter()
        self._made: OrderedDict[Key, Made] = OrderedDict()
        self._turn = asyncio.Lock()

    async def get(self, key: Key, make: Callable[[], Awaitable[Made]]) -> Made:
        """Return what is kept under a key, or make it; raise `NotReady` if too much waits for its turn."""
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        # Any number may wait for the same: it is made once.
        if key not in self._wanted and len(self._wanted) >= self._most_waiting:
            raise NotReady("Too many people ask for what takes long at the moment; try again in a minute.")
        self._wanted[key] += 1
        try:
            async with self._turn:
                made = self._made[key] if key in self._made else await make()
                self._made[key] = made
                self._made.move_to_end(key)
                if len(self._made) > self._kept:
                    self._made.popitem(last=False)
                return made
        finally:
            self._wanted[key] -= 1
            if not self._wanted[key]:
                del self._wanted[key]
