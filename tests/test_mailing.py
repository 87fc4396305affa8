"""Mails that cannot be handed over: tried again ever later, given up in the end, and in nobody's way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage

import anyio
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.accounts.mailbox.postman import Postman
from goatedvips.accounts.mails import tell_by_mail
from goatedvips.kit.postgres import create_engine
from goatedvips.mail.transport import NotDelivered
from goatedvips.mailing import MailRound
from tests.people import add_person
from tests.pipeline import NOON, Hands
from tests.roles import app_dsn


@dataclass
class Server:
    """A mail server that says what a test wants."""

    refusals: dict[str, NotDelivered] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    asked: int = 0

    async def send(self, mail: EmailMessage) -> None:
        self.asked += 1
        if refusal := self.refusals.get(mail["To"]):
            raise refusal
        self.sent.append(mail["To"])


@dataclass
class Office:
    """A mail round over a database, with its clock in a test's hands."""

    dsn: str
    engine: AsyncEngine
    server: Server
    clock: Hands
    round: MailRound

    async def write_to(self, name: str) -> None:
        """Have a mail sent to NAME@example.com."""
        person = add_person(self.dsn, name)
        async with self.engine.begin() as connection:
            await tell_by_mail(connection, "mail.password_changed", person.id, now=self.clock())

    async def waiting(self) -> list[tuple[int, timedelta]]:
        """How often each mail that waits was tried, and how long it waits."""
        statement = "SELECT attempts, due_at FROM outbox WHERE delivered_at IS NULL ORDER BY id"
        async with self.engine.begin() as connection:
            return [(row[0], row[1] - self.clock()) for row in await connection.execute(text(statement))]


@pytest.fixture
async def office(dsn: str) -> AsyncIterator[Office]:
    engine, server, clock = create_engine(app_dsn(dsn), acting="system"), Server(), Hands()
    postman = Postman(engine, server, clock, site="https://vips.example", sender="vips@vips.example")
    yield Office(dsn, engine, server, clock, MailRound(engine, postman, clock))
    await engine.dispose()


async def test_one_that_cannot_be_sent_now_is_tried_later_and_the_others_go(office: Office) -> None:
    office.server.refusals["ann@example.com"] = NotDelivered("Busy.", is_final=False)
    for name in ("ann", "bob"):
        await office.write_to(name)

    assert await office.round.send_all() == 0
    assert await office.waiting() == [(1, timedelta(seconds=30)), (0, timedelta())]
    assert await office.round.send_all() == 1
    assert office.server.sent == ["bob@example.com"]
    del office.server.refusals["ann@example.com"]
    office.clock.move(seconds=30)
    assert await office.round.send_all() == 1
    assert await office.waiting() == []


async def test_it_waits_twice_as_long_each_time_and_is_given_up_after_two_days(office: Office) -> None:
    office.server.refusals["ann@example.com"] = NotDelivered("Busy.", is_final=False)
    await office.write_to("ann")
    waits = []
    while True:
        await office.round.send_all()
        if not (waiting := await office.waiting()):
            break
        waits.append(waiting[0][1])
        office.clock.now += waits[-1]

    assert waits[:4] == [timedelta(seconds=30 * 2**times) for times in range(4)]
    assert max(waits) == timedelta(hours=6)
    assert timedelta(days=2) < office.clock() - NOON < timedelta(days=3)
    assert office.server.asked == len(waits) + 1


async def test_what_will_never_be_taken_is_given_up_at_once(office: Office) -> None:
    office.server.refusals["ann@example.com"] = NotDelivered("No such mailbox.", is_final=True)
    await office.write_to("ann")

    await office.round.send_all()

    assert await office.waiting() == []
    async with office.engine.begin() as connection:
        assert await connection.scalar(text("SELECT error FROM outbox")) == "No such mailbox."


async def test_a_round_sends_what_somebody_nudges_it_for_and_ends_when_told(office: Office) -> None:
    stop = asyncio.Event()
    with anyio.fail_after(20):
        running = asyncio.create_task(office.round.run(stop))
        await office.write_to("ann")
        while not office.server.sent:
            office.round.nudge.set()
            await asyncio.sleep(0.01)
        stop.set()
        await running
    assert office.server.sent == ["ann@example.com"]
