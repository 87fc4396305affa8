"""Secrets that a client keeps and we know only by their hash."""

import hashlib
import secrets

_BYTES = 32
"""256 bits: nobody guesses one, so a plain hash keeps it safe."""


def new_token(prefix: str = "") -> str:
    """Return a fresh secret."""
    return prefix + secrets.token_urlsafe(_BYTES)


def fingerprint(token: str) -> bytes:
    """Return what is kept of a secret."""
    return hashlib.sha256(token.encode()).digest()
