"""What happened is told once, after it is sure, and lost by nobody's death."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from goatedvips.outbox.service import AT_ONCE, Event, deliver, tell

NOON = datetime(2026, 3, 26, 12, tzinfo=UTC)


def completed(race_id: int) -> Event:
    return Event(f"race.completed:{race_id}", "race.completed", f"race:{race_id}", {"owed": "99.50"})


async def told(engine: AsyncEngine, *events: Event) -> None:
    async with engine.begin() as connection:
        for event in events:
            await tell(connection, event, now=NOON)


async def delivered(engine: AsyncEngine, *, now: datetime = NOON) -> list[str]:
    """Deliver, and return the subjects in the order of the log."""
    with capture_logs() as lines:
        async with engine.begin() as connection:
            many = await deliver(connection, now=now)
    assert many == len(lines)
    return [line["subject"] for line in lines]


async def test_an_event_is_one_line_of_the_log(engine: AsyncEngine) -> None:
    overdue = Event("race.overdue:8", "race.overdue", "race:8", {"name": "Friday"})
    await told(engine, completed(7), overdue)

    with capture_logs() as lines:
        async with engine.begin() as connection:
            assert await deliver(connection, now=NOON) == 2
    assert lines == [
        {
            "event": "race.completed",
            "log_level": "info",
            "key": "race.completed:7",
            "subject": "race:7",
            "payload": {"owed": "99.50"},
        },
        {
            "event": "race.overdue",
            "log_level": "warning",
            "key": "race.overdue:8",
            "subject": "race:8",
            "payload": {"name": "Friday"},
        },
    ]


async def test_what_was_delivered_is_not_delivered_again(engine: AsyncEngine) -> None:
    await told(engine, completed(7))

    assert await delivered(engine) == ["race:7"]
    assert await delivered(engine) == []


async def test_a_key_is_told_once_also_after_it_was_delivered(engine: AsyncEngine) -> None:
    await told(engine, completed(7), completed(7))
    assert await delivered(engine) == ["race:7"]
    await told(engine, completed(7))

    assert await delivered(engine) == []


async def test_what_did_not_happen_is_not_told(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await tell(connection, completed(7), now=NOON)
        await connection.rollback()

    assert await delivered(engine) == []


async def test_a_delivery_that_did_not_end_is_made_again(engine: AsyncEngine) -> None:
    await told(engine, completed(7))
    async with engine.connect() as connection:
        assert await deliver(connection, now=NOON) == 1
        await connection.rollback()

    assert await delivered(engine) == ["race:7"]


async def test_events_are_delivered_in_order_so_many_at_once(engine: AsyncEngine) -> None:
    await told(engine, *map(completed, range(AT_ONCE, -1, -1)))
    subjects = [f"race:{number}" for number in range(AT_ONCE, -1, -1)]

    assert await delivered(engine) == subjects[:AT_ONCE]
    assert await delivered(engine) == subjects[AT_ONCE:]


async def test_two_workers_share_what_waits_and_do_not_wait_for_each_other(engine: AsyncEngine) -> None:
    await told(engine, completed(7))
    async with engine.begin() as busy:
        assert await deliver(busy, now=NOON) == 1
        await told(engine, completed(8))

        async with asyncio.timeout(10):
            assert await delivered(engine) == ["race:8"]
