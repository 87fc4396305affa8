"""Encrypting what must be read again, like the secret of an authenticator."""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from goatedvips.kit.errors import GoatedError


class WrongKey(GoatedError):
    """What was encrypted cannot be read with the keys of this installation."""

    code = "wrong_key"

    def __init__(self) -> None:
        super().__init__(
            "Something was encrypted with another key: give the old one in GOATEDVIPS_SECRET_KEY too."
        )


class SecretBox:
    """Encrypts with the first of its keys and reads with any, so that keys can be replaced."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def lock(self, secret: str) -> bytes:
        """Encrypt a secret."""
        return self._fernet.encrypt(secret.encode())

    def unlock(self, locked: bytes) -> str:
        """Return the secret; raise `WrongKey`."""
        try:
            return self._fernet.decrypt(locked).decode()
        except InvalidToken:
            raise WrongKey from None


def _derived(key: str) -> bytes:
    # Any text of enough chance will do as a key; Fernet wants 32 bytes in base64.
    return base64.urlsafe_b64encode(hashlib.sha256(b"goatedvips " + key.encode()).digest())
