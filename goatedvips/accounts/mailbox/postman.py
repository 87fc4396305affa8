"""Turns events into mails. A token is made when its mail is, so that none ever waits where it can be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.accounts.mailbox import letters
from goatedvips.accounts.mailbox.letters import RESET_WITHIN, VERIFY_WITHIN, Addressee
from goatedvips.accounts.mailbox.repository import MailedTokens, Purpose
from goatedvips.accounts.repository import Accounts
from goatedvips.accounts.tokens import fingerprint, new_token
from goatedvips.kit.clock import Clock
from goatedvips.mail.message import Letter, message
from goatedvips.mail.transport import NotDelivered, Transport
from goatedvips.outbox.service import Undelivered


@dataclass(frozen=True, slots=True)
class Postman:
    """Writes the mail that an event asks for, and hands it over."""

    engine: AsyncEngine
    transport: Transport
    clock: Clock
    site: str
    sender: str

    async def deliver(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Send what an event of this kind asks for, to whom it concerns if anybody; raise `Undelivered`.

        A token is committed before its mail goes out: a mail that was sent must work.
        """
        async with self.engine.begin() as connection:
            letter = await self._letter(connection, kind, payload)
        if letter is None:
            return
        try:
            await self.transport.send(message(letter, sender=self.sender, at=self.clock()))
        except NotDelivered as error:
            raise Undelivered(error.detail, is_final=error.is_final) from None

    async def _letter(
        self, connection: AsyncConnection, kind: str, payload: Mapping[str, Any]
    ) -> Letter | None:
        accounts = Accounts(connection)
        if "email" in payload:
            found = await accounts.by_email(payload["email"])
        else:
            found = await accounts.credentials(payload["user"])
        if found is None or found["email"] is None or found["status"] != "active":
            return None
        to = Addressee(found["email"], found["username"], self.site)
        if kind == "mail.verify_email":
            return await self._verification(connection, found, to)
        if kind == "mail.reset_password":
            token = await self._token(connection, found, purpose="reset_password")
            return letters.reset_password(to, token)
        # An address that nobody has shown to be his is told nothing of an account.
        return letters.news(kind, to) if found["email_verified"] else None

    async def _verification(
        self, connection: AsyncConnection, found: RowMapping, to: Addressee
    ) -> Letter | None:
        if found["email_verified"]:
            return None
        owner = await Accounts(connection).by_email(found["email"])
        if owner is not None and owner["email_verified"]:
            return letters.already_registered(to, owner["username"])
        return letters.verify_email(to, await self._token(connection, found, purpose="verify_email"))

    async def _token(self, connection: AsyncConnection, found: RowMapping, *, purpose: Purpose) -> str:
        now, token = self.clock(), new_token()
        within = VERIFY_WITHIN if purpose == "verify_email" else RESET_WITHIN
        await MailedTokens(connection).add(
            fingerprint(token),
            found["id"],
            purpose=purpose,
            email=found["email"],
            now=now,
            until=now + within,
        )
        return token
