"""What somebody outside is to be told: written with what happened, delivered after it at least once."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.outbox.repository import Outbox

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Events that one call delivers at most: it holds their rows until its transaction ends."""

# Somebody has to do something about these.
_URGENT = frozenset({"race.overdue", "race.unsettled"})


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to what; the key names it, so that it is told of once."""

    key: str
    kind: str
    subject: str
    payload: dict[str, Any]


async def tell(connection: AsyncConnection, event: Event, *, now: datetime) -> None:
    """Have it told, if and when this transaction commits, unless an event of the same key is there."""
    await Outbox(connection).add(asdict(event), now=now)


async def deliver(connection: AsyncConnection, *, now: datetime) -> int:
    """Deliver the oldest events that wait, `AT_ONCE` at most; return how many: 0 when none is left.

    Each becomes one line of the log. If the transaction does not commit they are delivered again.
    """
    events = await Outbox(connection).take(AT_ONCE, now=now)
    for event in events:
        write = log.warning if event["kind"] in _URGENT else log.info
        write(event["kind"], key=event["key"], subject=event["subject"], payload=event["payload"])
    return len(events)


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Let go what was delivered before that moment; return how many. Its keys can then be told again."""
    return await Outbox(connection).forget(before)
