"""The commitments that stand for people, and the file that opens them."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256 as hash_of
from itertools import islice
from struct import pack

from goatedvips.races.rules.proof.document import PIECE

SALT_BYTES = 16


def commitment(salt: bytes, *, uid: str, username: str) -> bytes:
    """Return the 32 bytes that bind a person to a standing without telling who it is.

    They are the SHA-256 of the salt's 16 bytes, the length of the uid in UTF-8 as four bytes, big end first,
    that uid, the length of the name likewise, and that name. Raises `ValueError` for a salt of other length.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt is {SALT_BYTES} bytes")
    who, name = uid.encode(), username.encode()
    # With the lengths, no other pair of uid and name runs together into the same bytes.
    return hash_of(b"%b%b%b%b%b" % (salt, pack(">I", len(who)), who, pack(">I", len(name)), name)).digest()


def proof_file(
    body: Iterable[bytes], *, sha256: str, openings: Iterable[tuple[bytes | None, str, str]]
) -> Iterator[bytes]:
    """Write the file that is served: the document as it was written, its hash, and what opens each standing.

    `openings` are (salt, uid, username), parallel to the standings; without a salt the person was erased and
    the standing stays shut. The file is canonical JSON as a whole.
    """
    yield b'{"openings":['
    rest, separator = iter(openings), b""
    while some := list(islice(rest, PIECE)):
        rows = [None if salt is None else (salt.hex(), uid, name) for salt, uid, name in some]
        yield separator + json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()[1:-1]
        separator = b","
    yield b'],"proof":'
    yield from body
    yield b',"sha256":"%b"}' % sha256.encode("ascii")
