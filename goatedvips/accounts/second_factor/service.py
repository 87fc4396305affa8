"""The second factor: set up, confirmed, asked for, and given up."""

from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.errors import UserNotFound, WrongCode
from goatedvips.accounts.mails import tell_by_mail
from goatedvips.accounts.repository import Accounts
from goatedvips.accounts.second_factor import codes
from goatedvips.accounts.second_factor.repository import SecondFactors
from goatedvips.kit.errors import Conflict
from goatedvips.kit.secret_box import SecretBox
from goatedvips.realtime.announce import announce


class SecondFactorStands(Conflict):
    """There is one already."""

    code = "totp_enabled"

    def __init__(self) -> None:
        super().__init__("You sign in with an authenticator already; disable it first.")


class NoSecondFactor(Conflict):
    """There is none to confirm or to give up."""

    code = "totp_not_enabled"

    def __init__(self) -> None:
        super().__init__("There is no authenticator: set one up first.")


async def begin(connection: AsyncConnection, user_id: int, box: SecretBox) -> str:
    """Return a secret for an authenticator, which counts once it is confirmed.

    Raise `SecondFactorStands`.
    """
    secret = codes.new_secret()
    if not await SecondFactors(connection).begin(user_id, box.lock(secret)):
        raise SecondFactorStands
    return secret


async def confirm(
    connection: AsyncConnection, user_id: int, code: str, *, box: SecretBox, now: datetime
) -> list[str]:
    """Ask for codes from now on; return recovery codes, which are shown this once.

    Raises `NoSecondFactor`, `SecondFactorStands` or `WrongCode`.
    """
    held = await _held(connection, user_id)
    if held["totp_confirmed_at"] is not None:
        raise SecondFactorStands
    if held["totp_secret"] is None:
        raise NoSecondFactor
    locked = bytes(held["totp_secret"])
    step = codes.step_of(box.unlock(locked), code, now=now, after=None)
    factors = SecondFactors(connection)
    if step is None or not await factors.confirm(user_id, locked, step=step, now=now):
        raise WrongCode
    await _changed(connection, user_id, "mail.second_factor_added", now=now)
    return await _fresh_codes(connection, user_id, now=now)


async def renew_codes(
    connection: AsyncConnection, user_id: int, code: str, *, box: SecretBox, now: datetime
) -> list[str]:
    """Return recovery codes in place of the old ones. Raises `NoSecondFactor` or `WrongCode`."""
    held = await _held(connection, user_id)
    if held["totp_confirmed_at"] is None:
        raise NoSecondFactor
    await check(connection, held, code, box=box, now=now)
    return await _fresh_codes(connection, user_id, now=now)


async def disable(
    connection: AsyncConnection, user_id: int, code: str, *, box: SecretBox, now: datetime
) -> None:
    """Ask for codes no more. Raises `NoSecondFactor` or `WrongCode`."""
    held = await _held(connection, user_id)
    if held["totp_confirmed_at"] is None:
        raise NoSecondFactor
    await check(connection, held, code, box=box, now=now)
    await SecondFactors(connection).disable(user_id)
    await _changed(connection, user_id, "mail.second_factor_removed", now=now)


async def check(
    connection: AsyncConnection, held: RowMapping, code: str, *, box: SecretBox, now: datetime
) -> None:
    """Take a code of an authenticator, or a recovery code, once. Raise `WrongCode`."""
    factors, user_id = SecondFactors(connection), int(held["id"])
    if codes.is_recovery_code(code):
        if not await factors.use_code(user_id, codes.fingerprint(code), now=now):
            raise WrongCode
        await announce(connection, f"user:{user_id}")
        return
    secret = box.unlock(bytes(held["totp_secret"]))
    step = codes.step_of(secret, code, now=now, after=held["totp_last_step"])
    # Two who give the same code at once: the database lets one through.
    if step is None or not await factors.use_step(user_id, step):
        raise WrongCode


async def _fresh_codes(connection: AsyncConnection, user_id: int, *, now: datetime) -> list[str]:
    fresh = codes.new_recovery_codes()
    kept = [codes.fingerprint(code) for code in fresh]
    await SecondFactors(connection).replace_codes(user_id, kept, now=now)
    return fresh


async def _changed(connection: AsyncConnection, user_id: int, mail: str, *, now: datetime) -> None:
    await Accounts(connection).touch(user_id, now=now)
    await announce(connection, f"user:{user_id}")
    await tell_by_mail(connection, mail, user_id, now=now)


async def _held(connection: AsyncConnection, user_id: int) -> RowMapping:
    held = await Accounts(connection).credentials(user_id)
    if held is None:
        raise UserNotFound(user_id)
    return held
