"""A process that has imported the program and lets a worker begin in milliseconds: `python -m` this module.

It takes orders on stdin, one JSON object a line, and answers each with a line. It is the workers' parent, so
that a process id is never another's by the time it is killed; whatever ends it ends them.
"""

import asyncio
import functools
import json
import os
import signal
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import numpy.ma  # noqa: F401 - what `numpy.unique` imports when it is first called, in every worker

from goatedvips.kit.postgres import create_engine
from goatedvips.sync.judge import Limits
from goatedvips.sync.service import SyncService
from goatedvips.upstream.client import FeedClient, FeedSettings
from goatedvips.worker import Worker
from tests.races.endurance.story_clock import StoryClock

_A_DECADE = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Hire:
    """A worker to begin: its number, and what it works with."""

    number: int
    dsn: str
    clock: str
    feed: str
    interval: float
    """Of the story's seconds between two reports."""
    pace: float
    """Seconds between two looks at what is due; a real worker's alarm clock knows no story."""
    patience: float
    """Seconds for one attempt to get a report."""
    log: str

    @property
    def name(self) -> str:
        """How the database knows it."""
        return f"worker {self.number}"


def worker_of(hire: Hire) -> Worker:
    """Put a worker together as `goatedvips work` does, with patience as short as its story is fast.

    What it settles bears its number; reports bear none, or a result could bear that of its report.
    """
    clock, story = StoryClock(Path(hire.clock), number=hire.number), StoryClock(Path(hire.clock))
    engine = create_engine(hire.dsn, application_name=hire.name)
    settings = FeedSettings(
        url=hire.feed,
        referral_code="CODE",
        total_timeout=hire.patience,
        patience=2 * hire.patience,
        attempts=2,
        first_wait=0.001,
        longest_wait=0.01,
        trust_environment=False,
    )
    return Worker(
        engine=engine,
        sync=SyncService(engine, FeedClient(settings, clock=story), story, Limits()),
        interval=timedelta(seconds=hire.interval),
        report_age=_A_DECADE,
        clock=clock,
    )


async def work(hire: Hire, leash: int) -> None:
    """Work until killed, or until nobody holds the other end of the leash."""
    worker, gone = worker_of(hire), asyncio.Event()
    asyncio.get_running_loop().add_reader(leash, gone.set)
    working = asyncio.create_task(worker.run(gone))
    while not gone.is_set():
        await asyncio.sleep(hire.pace)
        worker.nudge.set()
    working.cancel()


def _begin(hire: Hire, leash: int) -> None:
    log = os.open(hire.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    asyncio.run(work(hire, leash))


class Nursery:
    """The living workers, by number."""

    def __init__(self) -> None:
        self._leash, self._held = os.pipe()
        self._workers: dict[int, int] = {}

    def hire(self, number: int, **with_: Any) -> None:  # noqa: ANN401 - the fields of Hire
        """Let a worker begin."""
        process = os.fork()
        if not process:
            os.close(self._held)
            _begin(Hire(number, **with_), self._leash)
            os._exit(0)
        self._workers[number] = process

    def kill(self, number: int) -> None:
        """Kill a worker the hard way; return when it is no more."""
        process = self._workers.pop(number)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)

    def obey(self, order: dict[str, Any]) -> None:
        """Do as told."""
        {"hire": self.hire, "kill": self.kill}[order.pop("do")](**order)


def answer(word: str) -> None:
    """Tell whoever gives the orders."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # The machine's certificates are read once, before anybody begins: that takes longer than to settle.
    httpx2.create_ssl_context = functools.cache(httpx2.create_ssl_context)
    httpx2.create_ssl_context(trust_env=False)
    nursery = Nursery()
    answer("ready")
    for line in sys.stdin:
        nursery.obey(json.loads(line))
        answer("done")
