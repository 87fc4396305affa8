"""What people do with what a mail held, and asking for one."""

from dataclasses import dataclass

import psycopg
import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.accounts.attempts import service as attempts
from goatedvips.accounts.attempts.limits import MAIL_FROM_ADDRESS, MAIL_TO_SUBJECT
from goatedvips.accounts.errors import AlreadyVerified, TokenNotGood, UserNotFound
from goatedvips.accounts.identity import Client
from goatedvips.accounts.mailbox.repository import MailedTokens
from goatedvips.accounts.mails import tell_address, tell_by_mail
from goatedvips.accounts.passwords.demands import require_good
from goatedvips.accounts.passwords.hashing import PasswordHasher
from goatedvips.accounts.repository import Accounts
from goatedvips.accounts.sessions.service import end_sessions, remember_browser
from goatedvips.accounts.tokens import fingerprint
from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import Conflict
from goatedvips.realtime.announce import announce

log = structlog.get_logger(__name__)


class AddressIsAnothers(Conflict):
    """Another account has verified the address meanwhile."""

    code = "address_is_anothers"

    def __init__(self) -> None:
        super().__init__("Another account has this address; sign in to that one, or take another address.")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Asks for mails, and takes what they held. Its engine acts as the program itself."""

    engine: AsyncEngine
    hasher: PasswordHasher
    clock: Clock

    async def forgot_password(self, email: str, client: Client) -> None:
        """Have a mail sent to whoever has this address; the same happens here if nobody has.

        Raises `TriedTooOften` by the client's address only; too many mails to one address just do not go out.
        """
        now = self.clock()
        async with self.engine.begin() as connection:
            await attempts.watch_address(connection, "mail", client.address, limit=MAIL_FROM_ADDRESS, now=now)
        try:
            async with self.engine.begin() as connection:
                await attempts.take(
                    connection, "mail", email, limit=MAIL_TO_SUBJECT, now=now, address=client.address
                )
                await tell_address(connection, "mail.reset_password", email, now=now)
        except attempts.TriedTooOften:
            log.info("mail.held_back", address=client.address)

    async def resend_verification(self, user_id: int, client: Client) -> None:
        """Have the mail sent again by which somebody verifies his address.

        Raises `AlreadyVerified` or `TriedTooOften`.
        """
        now = self.clock()
        async with self.engine.begin() as connection:
            held = await Accounts(connection).credentials(user_id)
            if held is None:
                raise UserNotFound(user_id)
            if held["email_verified"]:
                raise AlreadyVerified
            await attempts.take(
                connection, "mail", f"user:{user_id}", limit=MAIL_TO_SUBJECT, now=now, address=client.address
            )
            await tell_by_mail(connection, "mail.verify_email", user_id, now=now)

    async def verify_email(self, token: str) -> int:
        """Take an address for verified; return whose it is. Raises `TokenNotGood` or `AddressIsAnothers`."""
        now = self.clock()
        async with self.engine.begin() as connection:
            used = await MailedTokens(connection).use(fingerprint(token), "verify_email", now=now)
            if used is None:
                raise TokenNotGood
            try:
                verified = await Accounts(connection).verify_email(used["user_id"], used["email"])
            except IntegrityError as error:
                if isinstance(error.orig, psycopg.errors.UniqueViolation):
                    raise AddressIsAnothers from None
                raise
            if not verified:
                raise TokenNotGood
            await Accounts(connection).touch(used["user_id"], now=now)
            await announce(connection, f"user:{used['user_id']}")
            return int(used["user_id"])

    async def reset_password(self, token: str, password: str) -> str:
        """Set a new password and end all sessions; return what makes the browser a known one.

        So whoever can read his mail comes in again, however many strangers try his name
        (docs/adr/0022). Raises `BadInput` or `TokenNotGood`.
        """
        now, sha256 = self.clock(), fingerprint(token)
        async with self.engine.begin() as connection:
            asked = await MailedTokens(connection).peek(sha256, "reset_password", now=now)
            held = None if asked is None else await Accounts(connection).credentials(asked["user_id"])
            if asked is None or held is None or held["status"] != "active" or held["email"] != asked["email"]:
                raise TokenNotGood
        require_good(password, held, field="password")
        hashed, user_id = await self.hasher.hash(password), int(held["id"])
        async with self.engine.begin() as connection:
            if await MailedTokens(connection).use(sha256, "reset_password", now=now) is None:
                raise TokenNotGood
            await Accounts(connection).set_password(user_id, hashed, now=now)
            await end_sessions(connection, user_id)
            await tell_by_mail(connection, "mail.password_changed", user_id, now=now)
            log.info("password.reset", user=user_id)
            return await remember_browser(connection, user_id, now=now)
