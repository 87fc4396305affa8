"""Workers as processes of their own, to be hired and killed."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from tests.races.endurance.story_clock import StoryClock

WITHIN = 60.0
LOOK_AGAIN = 0.001


async def until(found: Callable[[], Awaitable[Any]], *, why: Callable[[], object]) -> Any:  # noqa: ANN401
    """Wait for something to be found, and return it; fail with a reason when it is not in time."""
    try:
        async with asyncio.timeout(WITHIN):
            while not (it := await found()):  # noqa: ASYNC110 - other processes set no event here
                await asyncio.sleep(LOOK_AGAIN)
    except TimeoutError:
        raise AssertionError(why()) from None
    return it


@dataclass
class Workforce:
    """Four workers over one database; whoever is killed is replaced."""

    nursery: subprocess.Popen[str]
    clock: StoryClock
    folder: Path
    dsn: str
    feed: str = "http://127.0.0.1:9/user"
    interval: float = 1e8
    pace: float = 0.2
    patience: float = 30.0
    at_work: list[int] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def hire(self, workers: int = 1) -> None:
        """Let workers begin."""
        for number in (next(self._numbers) for _ in range(workers)):
            self._order(
                do="hire",
                number=number,
                dsn=self.dsn,
                clock=str(self.clock.path),
                feed=self.feed,
                interval=self.interval,
                pace=self.pace,
                patience=self.patience,
                log=str(self.log),
            )
            self.at_work.append(number)

    def kill(self, number: int) -> None:
        """Kill a worker with SIGKILL."""
        self.at_work.remove(number)
        self._order(do="kill", number=number)

    def wrote(self, moment: datetime) -> int:
        """Return the number of the worker that wrote a moment, while the clock stands still."""
        return (moment - self.clock()).microseconds

    @property
    def log(self) -> Path:
        """What all of them said."""
        return self.folder / "workers.log"

    def last_words(self) -> str:
        """Return the end of what they said."""
        return "\n".join(self.log.read_text().splitlines()[-40:]) if self.log.exists() else "nothing"

    def _order(self, **order: object) -> None:
        assert self.nursery.stdin is not None
        self.nursery.stdin.write(json.dumps(order) + "\n")
        self.nursery.stdin.flush()
        self._answer("done")

    def _answer(self, expected: str) -> None:
        assert self.nursery.stdout is not None
        answer = self.nursery.stdout.readline().strip()
        assert answer == expected, f"the nursery says {answer!r}; {self.last_words()}"


@contextmanager
def workforce(folder: Path, dsn: str) -> Iterator[Workforce]:
    """Open a nursery; nobody is hired yet."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.races.endurance.nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        workers = Workforce(nursery, StoryClock(folder / "clock"), folder, dsn)
        workers._answer("ready")
        try:
            yield workers
        finally:
            for number in [*workers.at_work]:
                workers.kill(number)
            workers.clock.close()
            # `Popen` closes the nursery's input now, and with that it ends.
