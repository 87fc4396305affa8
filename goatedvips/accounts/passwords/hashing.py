"""Hashing passwords with bcrypt, beside the event loop and behind everything else."""

import asyncio
import base64
import hmac
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

import bcrypt
from pwdlib.hashers.bcrypt import BcryptHasher

from goatedvips.accounts.passwords.policy import normalized

Result = TypeVar("Result")

_BCRYPT_BYTES = 72
"""bcrypt looks at no more, and stops at a NUL."""
_HASH_LETTERS = 31
_CONTEXT = b"goatedvips password"
_NICENESS = 10
"""Hashing gives way to whoever reads a board: the kernel schedules threads apart (Linux)."""


class PasswordHasher:
    """Hashes and compares. `rounds` is the cost: each one more doubles the time."""

    def __init__(self, rounds: int) -> None:
        self._bcrypt = BcryptHasher(rounds=rounds)
        # Nobody's hash, for whom there is none: to look somebody up must take as long as not to find him.
        self._nobody = (bcrypt.gensalt(rounds) + b"." * _HASH_LETTERS).decode()
        self._threads = ThreadPoolExecutor(
            max_workers=os.cpu_count() or 1, thread_name_prefix="bcrypt", initializer=_give_way
        )

    async def hash(self, password: str) -> str:
        """Return the hash to keep."""
        return await self._beside(self._bcrypt.hash, _digest(password))

    async def verify(self, password: str, held: str | None, *, truncates: bool = False) -> bool:
        """Say whether a password is the one that was hashed; takes the same time if none was.

        `truncates` are hashes of another program, which cover the first 72 bytes of what was typed.
        """
        given = password.encode()[:_BCRYPT_BYTES].partition(b"\0")[0] if truncates else _digest(password)
        right = await self._beside(self._bcrypt.verify, given, held or self._nobody)
        return right and held is not None

    def is_outdated(self, held: str, *, truncates: bool = False) -> bool:
        """Say whether a hash should be made anew: its cost is not today's, or another program made it."""
        return truncates or self._bcrypt.check_needs_rehash(held)

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _beside(self, work: Callable[..., Result], *given: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)


def _digest(password: str) -> bytes:
    """Return what bcrypt is given: the password itself, or a digest where bcrypt would not see all of it.

    The digest is keyed with our own name, so that one leaked elsewhere is worth nothing here.
    """
    given = normalized(password).encode()
    if len(given) <= _BCRYPT_BYTES and b"\0" not in given:
        return given
    return base64.b64encode(hmac.digest(_CONTEXT, given, "sha384"))


def _give_way() -> None:
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
