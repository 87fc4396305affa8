"""Signing in, and new accounts. Nothing here tells, by word or by time, who has an account."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.accounts import names
from goatedvips.accounts.age import require_age
from goatedvips.accounts.attempts import service as attempts
from goatedvips.accounts.attempts.limits import REGISTER_FROM_ADDRESS, SIGN_IN, SIGN_IN_FROM_ADDRESS
from goatedvips.accounts.errors import Banned, SecondFactorNeeded, WrongCredentials
from goatedvips.accounts.identity import Client
from goatedvips.accounts.mails import tell_by_mail
from goatedvips.accounts.passwords import policy
from goatedvips.accounts.passwords.hashing import PasswordHasher
from goatedvips.accounts.repository import Accounts, NameTaken
from goatedvips.accounts.roles import Role
from goatedvips.accounts.schemas import Login
from goatedvips.accounts.second_factor import service as second_factor
from goatedvips.accounts.sessions.service import Opened, device_of, open_session
from goatedvips.accounts.signing_in.schemas import Registration
from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import BadInput, FieldError, GoatedError
from goatedvips.kit.secret_box import SecretBox

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came in, and what his browser keeps."""

    user_id: int
    session: Opened


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Lets people in. Its engine acts as the program itself: nobody is anybody yet."""

    engine: AsyncEngine
    hasher: PasswordHasher
    box: SecretBox
    clock: Clock

    async def sign_in(self, given: Login, client: Client) -> SignedIn:
        """Open a session for whoever knows his password, and has his code if he set a second factor up.

        Raises `WrongCredentials`, `SecondFactorNeeded`, `WrongCode`, `Banned` or `TriedTooOften`.
        """
        now, login = self.clock(), given.login.strip()
        async with self.engine.begin() as connection:
            found = await Accounts(connection).by_login(login)
            with _logged(found, client):
                attempt = await self._count(connection, found, login, client=client, now=now)
        with _logged(found, client):
            signed_in = await self._admitted(given, found, attempt, client=client, now=now)
        factors = "password" if given.totp is None else "password and code"
        log.info("signed_in", user=signed_in.user_id, address=client.address, factors=factors)
        return signed_in

    async def _admitted(
        self, given: Login, found: RowMapping | None, attempt: int, *, client: Client, now: datetime
    ) -> SignedIn:
        password = given.password.get_secret_value()
        right = await self._compare(password, found)
        if not right or found is None or found["status"] == "erased":
            raise WrongCredentials
        if found["status"] == "banned":
            raise Banned(found["ban_reason"] or "no reason was given")
        fresh = await self._fresh_hash(password, found)
        async with self.engine.begin() as connection:
            session = await self._let_in(connection, found, given.totp, client=client, now=now)
            await attempts.forget(connection, attempt)
            if fresh is not None:
                await Accounts(connection).rehash(found["id"], fresh, held=found["password"])
        return SignedIn(found["id"], session)

    async def register(self, wanted: Registration, client: Client) -> SignedIn:
        """Make an account and open its first session; the mail to verify its address follows.

        An address that is somebody's already makes no difference here (docs/adr/0021). Raises `BadInput`
        naming each field that is wrong, `TooYoung` or `TriedTooOften`.
        """
        now = self.clock()
        if wanted.birth_date is not None:
            require_age(wanted.birth_date, now)
        password = wanted.password.get_secret_value()
        await self._refuse_bad_fields(wanted, password)
        async with self.engine.begin() as connection:
            await attempts.watch_address(
                connection, "register", client.address, limit=REGISTER_FROM_ADDRESS, now=now
            )
            await attempts.take(
                connection,
                "register",
                wanted.username,
                limit=REGISTER_FROM_ADDRESS,
                now=now,
                address=client.address,
            )
        hashed = await self.hasher.hash(password)
        async with self.engine.begin() as connection:
            try:
                user_id = await Accounts(connection).add(_account(wanted, hashed, now))
            except NameTaken:
                raise _taken() from None
            session = await open_session(connection, user_id, Role.USER, client=client, now=now)
            await Accounts(connection).note_login(user_id, now=now)
            await tell_by_mail(connection, "mail.verify_email", user_id, now=now)
        log.info("registered", user=user_id, address=client.address)
        return SignedIn(user_id, session)

    async def prove(self, user_id: int, password: str, client: Client) -> RowMapping:
        """Return the credentials of somebody who is signed in and gives his password again.

        Raises `WrongCredentials` or `TriedTooOften`.
        """
        now = self.clock()
        async with self.engine.begin() as connection:
            found = await Accounts(connection).credentials(user_id)
            attempt = await attempts.take(
                connection, "sign_in", f"user:{user_id}", limit=SIGN_IN, now=now, address=client.address
            )
        if not await self._compare(password, found) or found is None:
            raise WrongCredentials
        async with self.engine.begin() as connection:
            await attempts.forget(connection, attempt)
        return found

    async def _count(
        self,
        connection: AsyncConnection,
        found: RowMapping | None,
        login: str,
        *,
        client: Client,
        now: datetime,
    ) -> int:
        device = await device_of(connection, None if found is None else found["id"], client)
        if device is None:
            await attempts.watch_address(
                connection, "sign_in", client.address, limit=SIGN_IN_FROM_ADDRESS, now=now
            )
        return await attempts.take(
            connection, "sign_in", login, limit=SIGN_IN, now=now, device=device, address=client.address
        )

    async def _compare(self, password: str, found: RowMapping | None) -> bool:
        if found is None:
            return await self.hasher.verify(password, None)
        return await self.hasher.verify(password, found["password"], truncates=found["truncates"])

    async def _fresh_hash(self, password: str, found: RowMapping) -> str | None:
        outdated = self.hasher.is_outdated(found["password"], truncates=found["truncates"])
        return await self.hasher.hash(password) if outdated else None

    async def _let_in(
        self,
        connection: AsyncConnection,
        found: RowMapping,
        code: str | None,
        *,
        client: Client,
        now: datetime,
    ) -> Opened:
        # Read again: the password may have been changed since it was compared.
        held = await Accounts(connection).credentials(found["id"])
        if held is None or held["password"] != found["password"] or held["status"] != "active":
            raise WrongCredentials
        if held["totp_confirmed_at"] is not None:
            if code is None:
                raise SecondFactorNeeded
            await second_factor.check(connection, held, code, box=self.box, now=now)
        await Accounts(connection).note_login(held["id"], now=now)
        return await open_session(connection, held["id"], Role(held["role"]), client=client, now=now)

    async def _refuse_bad_fields(self, wanted: Registration, password: str) -> None:
        errors = []
        if names.is_reserved(wanted.username):
            errors.append(FieldError("username", "is reserved: it could be taken for the site's own"))
        else:
            async with self.engine.connect() as connection:
                skeleton = names.skeleton(wanted.username)
                if await Accounts(connection).is_taken(wanted.username, skeleton):
                    errors += _taken().errors
        try:
            policy.check(password, about=(wanted.username, wanted.email.partition("@")[0]))
        except ValueError as error:
            errors.append(FieldError("password", str(error)))
        if errors:
            raise BadInput(errors)


@contextmanager
def _logged(found: RowMapping | None, client: Client) -> Iterator[None]:
    """Log why somebody is not let in. What he typed is not: people type passwords for names."""
    try:
        yield
    except GoatedError as refusal:
        log.info("sign_in.refused", why=refusal.code, user=found and found["id"], address=client.address)
        raise


def _account(wanted: Registration, hashed: str, now: datetime) -> dict[str, object]:
    return {
        "username": wanted.username,
        "skeleton": names.skeleton(wanted.username),
        "role": Role.USER,
        "email": wanted.email,
        "email_verified": False,
        "age_confirmed_at": None if wanted.birth_date is None else now,
        "password": hashed,
        "now": now,
    }


def _taken() -> BadInput:
    return BadInput.field("username", "is taken, or looks like one that is")
