"""Encrypting what must be read again, like the secret of an authenticator."""

import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from goatedvips.kit.errors import GoatedError


class WrongKey(GoatedError):
    """What was encrypted cannot be read with the keys of this installation."""

    code = "wrong_key"

    def __init__(self) -> None:
        super().__init__(
            "Something was encrypted with another key: give the old one in GOATEDVIPS_SECRET_KEY too."
        )


_NONCE = 12
"""Bytes of chance before what is encrypted: good for 2^32 secrets under one key (NIST SP 800-38D, 8.3)."""


class SecretBox:
    """Encrypts with the first of its keys and reads with any, so that keys can be replaced (AES-256-GCM)."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._ciphers = [AESGCM(_derived(key)) for key in keys]

    def lock(self, secret: str) -> bytes:
        """Encrypt a secret."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, secret.encode(), None)

    def unlock(self, locked: bytes) -> str:
        """Return the secret; raise `WrongKey`."""
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(locked[:_NONCE], locked[_NONCE:], None).decode()
            except (InvalidTag, ValueError):
                # Not with this key, or too short to be anything of ours.
                continue
        raise WrongKey


def _derived(key: str) -> bytes:
    # Any text of enough chance will do as a key; the cipher wants 32 bytes.
    return HKDF(SHA256(), length=32, salt=None, info=b"goatedvips secret box").derive(key.encode())
