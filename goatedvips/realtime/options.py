"""What the one who mounts the live endpoints decides."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.requests import HTTPConnection

from goatedvips.kit.clock import Clock, utc_now
from goatedvips.realtime.topics import Viewer

Identify: TypeAlias = Callable[[HTTPConnection], Awaitable[Viewer | None]]


async def nobody(_connection: HTTPConnection) -> Viewer | None:
    """Take every visitor for an unknown one."""
    return None


@dataclass(frozen=True, slots=True)
class RealtimeOptions:
    """Limits and dependencies of the live endpoints; times are in seconds.

    `allowed_origins` are written as browsers send them, `https://example.com`; the site's own need not be
    listed.
    """

    allowed_origins: frozenset[str] = frozenset()
    identify: Identify = nobody
    clock: Clock = utc_now
    max_connections: int = 20_000
    # Whole offices and phone networks share an address.
    max_per_address: int = 200
    max_topics: int = 32
    stall_after: float = 10.0
    # A page subscribes to all it shows at once, then speaks only when somebody clicks.
    message_burst: int = 64
    messages_per_second: float = 8.0
    # A person at a console makes a few mistakes; a broken program makes them without end.
    error_burst: int = 16
    errors_per_second: float = 0.1
    # Proxies commonly cut what is silent for 30 or 60 seconds.
    heartbeat: float = 15.0
    retry_milliseconds: int = 2000
