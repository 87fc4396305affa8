"""Codes of an authenticator (RFC 6238: six digits, 30 seconds), and those that stand in. Computes only."""

import hashlib
import secrets
from datetime import datetime

import pyotp

STEP = 30
"""Seconds that a code lasts."""
_DRIFT = 1
"""Steps by which a phone's clock may be off, either way."""
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without letters and digits that look alike."""
_LETTERS = 28
"""Of 31: 138 bits, so that a plain hash keeps a code safe (ASVS 5.0, 6.5.2)."""
ISSUER = "GoatedVIPs"


def new_secret() -> str:
    """Return a fresh secret for an authenticator, 160 bits in base32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, username: str) -> str:
    """Return what an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(secret: str, code: str, *, now: datetime, after: int | None) -> int | None:
    """Return the time step whose code this is, later than `after`; None if it is none of now."""
    present = int(now.timestamp()) // STEP
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        expected = pyotp.TOTP(secret).at(step * STEP)
        if secrets.compare_digest(expected, code) and (after is None or step > after):
            return step
    return None


def is_recovery_code(code: str) -> bool:
    """Tell a recovery code from an authenticator's by its length."""
    return len(_bare(code)) == _LETTERS


def new_recovery_codes() -> list[str]:
    """Return fresh recovery codes, as they are written down."""
    return ["-".join(_group() for _ in range(_LETTERS // 4)) for _ in range(RECOVERY_CODES)]


def fingerprint(code: str) -> bytes:
    """Return what is kept of a recovery code."""
    return hashlib.sha256(_bare(code).encode()).digest()


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(4))


def _bare(code: str) -> str:
    return code.replace("-", "").lower()
