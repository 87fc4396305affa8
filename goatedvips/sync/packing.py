"""Reports as they are kept: compressed, under the hash of their bytes. Computes only."""

import hashlib
import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def pack(body: bytes) -> tuple[bytes, bytes]:
    """Return the SHA-256 of a report and the report compressed."""
    # Level 1: digits hardly compress further, and a report of a million players is 128 MB.
    return hashlib.sha256(body).digest(), zstd.compress(body, 1)


def unpack(packed: bytes) -> bytes:
    """Return a report as it came."""
    return zstd.decompress(packed)
