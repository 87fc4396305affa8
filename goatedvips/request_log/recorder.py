"""Takes down who asked what: in memory while a request is answered, in the database a second later."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import msgspec
import structlog
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Scope

from goatedvips.accounts.gate import asked
from goatedvips.kit.clock import Clock
from goatedvips.realtime.doorkeeper import network_of
from goatedvips.request_log.repository import RequestLog

log = structlog.get_logger(__name__)

MOST_WAITING: Final = 20_000
"""Requests in memory, some 6 MB: a few seconds of the busiest process. What comes beyond that is lost."""
AT_ONCE: Final = 5000
"""Rows of one statement: a transaction costs as much as a few hundred of them."""
_LONGEST_PATH = 200
"""Characters: the paths of our own routes are shorter."""

WRITTEN = Counter("goatedvips_request_log_written_total", "API requests that were logged")
DROPPED = Counter("goatedvips_request_log_dropped_total", "API requests that were not logged", ("reason",))
FULL, FAILED = DROPPED.labels("full"), DROPPED.labels("failed")


class Answered(msgspec.Struct, frozen=True, gc=False):
    """A request that was answered. Nothing of its query, headers or body.

    Not a dataclass, since one is made for each request: it takes a tenth of the time.
    """

    at: datetime
    request_id: str
    method: str
    path: str
    status: int
    milliseconds: int
    user_id: int | None
    api_key_id: int | None
    address: str | None


@dataclass(slots=True)
class RequestRecorder:
    """Takes down the API requests of one process. Its engine acts as the program itself.

    No request ever waits for it: what the database does not take, or there is no memory for, is lost and
    counted.
    """

    engine: AsyncEngine
    clock: Clock
    signed_in_only: bool = False
    every: float = 1.0
    """Seconds after which what waits is written."""
    last_within: float = 3.0
    """Seconds that the end waits for a database which may be gone."""
    waiting: deque[Answered] = field(default_factory=deque)
    _many: asyncio.Event = field(default_factory=asyncio.Event)
    _is_ending: bool = False
    _is_failing: bool = False
    _days: set[date] = field(default_factory=set)
    """For which there is room."""

    def note(self, scope: Scope, /, *, method: str, status: int, seconds: float) -> None:
        """Take down a request that was answered to its end."""
        who = asked(scope)
        if who is None and self.signed_in_only:
            return
        if len(self.waiting) >= MOST_WAITING:
            FULL.inc()
            return
        client = scope.get("client")
        self.waiting.append(
            Answered(
                at=self.clock(),
                request_id=scope["request_id"],
                method=method,
                path=_path(scope),
                status=status,
                milliseconds=round(seconds * 1000),
                user_id=None if who is None else who.user_id,
                api_key_id=None if who is None else who.key_id,
                address=None if client is None else network_of(client[0]),
            )
        )
        if len(self.waiting) >= AT_ONCE:
            self._many.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write every second what was taken down, or sooner if it is much, and the rest at the end."""
        writing = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._is_ending = True
            self._many.set()
            await asyncio.wait([writing], timeout=self.last_within)
            if not writing.done():
                writing.cancel()
                FAILED.inc(len(self.waiting))
                await asyncio.wait([writing], timeout=self.last_within)

    async def write(self) -> None:
        """Write all that waits; what cannot be written is lost."""
        while self.waiting:
            batch = [self.waiting.popleft() for _ in range(min(AT_ONCE, len(self.waiting)))]
            try:
                await self._write(batch)
            except asyncio.CancelledError:
                FAILED.inc(len(batch))
                raise
            except (SQLAlchemyError, OSError) as error:
                self._lose(batch, str(error).splitlines()[0])
            except Exception:
                log.exception("request_log.crashed")
                self._lose(batch, "an error of ours")
            else:
                WRITTEN.inc(len(batch))
                self._is_failing = False

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._many.wait(), self.every)
            self._many.clear()
            await self.write()
            if self._is_ending:
                return

    async def _write(self, batch: Sequence[Answered]) -> None:
        days = {answered.at.date(): answered.at for answered in batch}
        new = days.keys() - self._days
        async with self.engine.begin() as connection:
            requests = RequestLog(connection)
            await requests.make_room([days[day] for day in new])
            await requests.add(msgspec.json.encode(batch).decode())
        self._days |= new

    def _lose(self, batch: Sequence[Answered], why: str) -> None:
        FAILED.inc(len(batch))
        if not self._is_failing:
            # Once for each time that the database is gone, not every second.
            log.warning("request_log.failed", lost=len(batch), error=why)
        self._is_failing = True


def _path(scope: Scope) -> str:
    """Return the route's path, which names nobody; what has no route is cut to what we can keep."""
    path: str | None = getattr(scope.get("route"), "path", None)
    if path is not None:
        return path
    asked_for: str = scope["path"][:_LONGEST_PATH]
    return asked_for.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
