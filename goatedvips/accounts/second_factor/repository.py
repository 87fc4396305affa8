from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

BEGIN = text("""
    UPDATE user_credentials SET totp_secret = :secret, totp_last_step = NULL
     WHERE user_id = :id AND totp_confirmed_at IS NULL
    RETURNING user_id
""")
CONFIRM = text("""
    UPDATE user_credentials SET totp_confirmed_at = :now, totp_last_step = :step
     WHERE user_id = :id AND totp_confirmed_at IS NULL AND totp_secret = :secret
    RETURNING user_id
""")
USE_STEP = text("""
    UPDATE user_credentials SET totp_last_step = :step
     WHERE user_id = :id AND (totp_last_step IS NULL OR totp_last_step < :step)
    RETURNING user_id
""")
DISABLE = text("""
    UPDATE user_credentials SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL
     WHERE user_id = :id AND totp_confirmed_at IS NOT NULL
    RETURNING user_id
""")
FORGET_CODES = text("DELETE FROM recovery_codes WHERE user_id = :id")
ADD_CODES = text("""
    INSERT INTO recovery_codes (user_id, code_sha256, created_at)
    SELECT :id, unnest(CAST(:codes AS bytea[])), :now
""")
USE_CODE = text("""
    UPDATE recovery_codes SET used_at = :now
     WHERE user_id = :id AND code_sha256 = :code AND used_at IS NULL
    RETURNING user_id
""")


class SecondFactors:
    """Authenticators and recovery codes. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, user_id: int, secret: bytes) -> bool:
        """Keep a secret that is to be confirmed; return False if one is confirmed already."""
        return await self._connection.scalar(BEGIN, {"id": user_id, "secret": secret}) is not None

    async def confirm(self, user_id: int, secret: bytes, *, step: int, now: datetime) -> bool:
        """Ask for codes from now on; return False if it is not this secret's turn any more."""
        values = {"id": user_id, "secret": secret, "step": step, "now": now}
        return await self._connection.scalar(CONFIRM, values) is not None

    async def use_step(self, user_id: int, step: int) -> bool:
        """Take the code of a time step; return False if it, or a later one, was taken before."""
        return await self._connection.scalar(USE_STEP, {"id": user_id, "step": step}) is not None

    async def disable(self, user_id: int) -> bool:
        """Ask for codes no more; return False if none were asked for."""
        await self._connection.execute(FORGET_CODES, {"id": user_id})
        return await self._connection.scalar(DISABLE, {"id": user_id}) is not None

    async def replace_codes(self, user_id: int, codes: Sequence[bytes], *, now: datetime) -> None:
        """Let these recovery codes count, and no older one."""
        await self._connection.execute(FORGET_CODES, {"id": user_id})
        await self._connection.execute(ADD_CODES, {"id": user_id, "codes": list(codes), "now": now})

    async def use_code(self, user_id: int, code: bytes, *, now: datetime) -> bool:
        """Take a recovery code; return False if it is none, or was taken before."""
        values = {"id": user_id, "code": code, "now": now}
        return await self._connection.scalar(USE_CODE, values) is not None
