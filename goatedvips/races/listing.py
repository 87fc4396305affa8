"""Whom a report lists: its uids as eight bytes each, so that many reports can be kept at hand."""

import json
import re
import sys

import numpy as np
from numpy.typing import NDArray

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# The quotes of a key cannot be within a JSON string: they would be escaped.
_UID = re.compile(rb'"uid"\s*+:\s*+"((?:[^"\\]|\\.)*+)"', re.DOTALL)


class Listing:
    """The uids of one report, as sorted hashes of this process: that two meet is no matter at 64 bits."""

    def __init__(self, packed: bytes) -> None:
        body = zstd.decompress(packed)
        hashes = np.fromiter((hash(_plain(found[1])) for found in _UID.finditer(body)), np.int64)
        self._hashes: NDArray[np.int64] = np.unique(hashes)

    def __contains__(self, uid: str) -> bool:
        wanted = hash(uid.encode())
        at = int(np.searchsorted(self._hashes, wanted))
        return at < len(self._hashes) and bool(self._hashes[at] == wanted)


def _plain(written: bytes) -> bytes:
    if b"\\" not in written:
        return written
    try:
        text: str = json.loads(b'"%b"' % written, strict=False)
        return text.encode()
    except ValueError:
        # Not a text at all: nobody is known by it.
        return written
