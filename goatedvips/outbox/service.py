"""What somebody outside is to be told: written with what happened, delivered after it at least once."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.errors import GoatedError
from goatedvips.outbox.repository import Outbox

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Events that one call delivers at most: it holds their rows until its transaction ends."""

MAIL = "mail."
"""Begins the kind of every event that becomes a mail."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
_MOST_ATTEMPTS = 18
"""Some two days, as mail servers themselves have it."""


class Undelivered(GoatedError):
    """An event could not be delivered; `is_final` says that it never can be."""

    code = "undelivered"

    def __init__(self, detail: str, *, is_final: bool) -> None:
        super().__init__(detail)
        self.is_final = is_final


Handler: TypeAlias = Callable[[str, Mapping[str, Any]], Awaitable[None]]
"""Delivers an event of a kind with its payload; raises `Undelivered`."""

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

    Mails are apart (`deliver_one`).

    Each becomes one line of the log. If the transaction does not commit they are delivered again.
    """
    events = await Outbox(connection).take(AT_ONCE, now=now, apart=MAIL)
    for event in events:
        write = log.warning if event["kind"] in _URGENT else log.info
        write(event["kind"], key=event["key"], subject=event["subject"], payload=event["payload"])
    return len(events)


async def deliver_one(connection: AsyncConnection, handle: Handler, *, now: datetime) -> bool | None:
    """Hand the next mail that is due to its handler; return whether it went well, None if none is due.

    It stays locked meanwhile, so that no other worker sends it too. One that cannot be delivered is tried
    again ever later, for two days.
    """
    outbox = Outbox(connection)
    event = await outbox.next(MAIL, now=now)
    if event is None:
        return None
    try:
        await handle(event["kind"], event["payload"])
    except Undelivered as error:
        attempts = int(event["attempts"])
        if error.is_final or attempts + 1 >= _MOST_ATTEMPTS:
            log.warning("event.given_up", key=event["key"], kind=event["kind"], error=error.detail)
            await outbox.give_up(event["id"], now=now, error=error.detail)
        else:
            log.warning("event.put_off", key=event["key"], kind=event["kind"], error=error.detail)
            wait = min(_FIRST_WAIT * 2**attempts, _LONGEST_WAIT)
            await outbox.put_off(event["id"], until=now + wait, error=error.detail)
        return False
    await outbox.delivered(event["id"], now=now)
    return True
