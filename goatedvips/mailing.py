"""Sending mails, beside everything else that a worker does: a slow mail server holds up no report."""

import asyncio
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.accounts.mailbox.postman import Postman
from goatedvips.kit.clock import Clock
from goatedvips.mail.transport import MailFolder, Transport, smtp_of
from goatedvips.outbox.service import deliver_one
from goatedvips.settings import Settings

log = structlog.get_logger(__name__)

_LOOK_EVERY = 20.0
"""Seconds: for mails that are tried again, and where announcements do not arrive."""
_AFTER_FAILURE = 5.0


@dataclass(slots=True)
class MailRound:
    """Sends what waits, one mail after the other, until told to stop."""

    engine: AsyncEngine
    postman: Postman
    clock: Clock
    nudge: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when somebody wants a mail sent."""

    async def run(self, stop: asyncio.Event) -> None:
        """Send mails as they come."""
        while not stop.is_set():
            self.nudge.clear()
            try:
                await self.send_all()
                wait = _LOOK_EVERY
            except (SQLAlchemyError, OSError) as error:
                log.warning("mailing.failed", error=str(error).splitlines()[0])
                wait = _AFTER_FAILURE
            except Exception:
                log.exception("mailing.crashed")
                wait = _AFTER_FAILURE
            waits = [asyncio.create_task(event.wait()) for event in (stop, self.nudge)]
            await asyncio.wait(waits, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            for task in waits:
                task.cancel()

    async def send_all(self) -> int:
        """Send what is due; return how many. When one cannot be sent, the others wait for the next round."""
        sent = 0
        while await self._send_one():
            sent += 1
        return sent

    async def _send_one(self) -> bool | None:
        async with self.engine.begin() as connection:
            return await deliver_one(connection, self.postman.deliver, now=self.clock())


def mail_round(settings: Settings, engine: AsyncEngine, clock: Clock) -> MailRound:
    """Put the round together as the settings have it."""
    postman = Postman(
        engine, transport_of(settings), clock, site=settings.site_url, sender=settings.goatedvips_mail_from
    )
    return MailRound(engine, postman, clock)


def transport_of(settings: Settings) -> Transport:
    """Return how mails leave: by the server that is set, or into the home."""
    if settings.smtp_url is None:
        return MailFolder(settings.goatedvips_home / "mail")
    return smtp_of(settings.smtp_url.get_secret_value())
