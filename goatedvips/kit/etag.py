"""Answers that are encoded once and sent often."""

import gzip
import re
from dataclasses import dataclass, field
from hashlib import blake2b

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

# A cache may keep the answer but must ask each time: a new version may be there.
CACHE_CONTROL = "no-cache"

_WORTH_IT = 2048
"""Bytes: below that an answer fits into the first packets as it is."""
_LEVEL = 5
"""A page of a hundred places is a fifth of itself; level 9 takes three times as long for a percent more."""
_GZIP = re.compile(r"(^|,)\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*(,|$))[^,]*)?\s*(,|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ready:
    """The bytes of an answer, the tag of their version, and headers of their own."""

    body: bytes
    etag: str
    headers: dict[str, str] = field(default_factory=dict)
    _gzipped: list[bytes] = field(default_factory=list, repr=False, compare=False)

    def gzipped(self) -> bytes:
        """Return the bytes compressed, which is done once, for whoever asks first."""
        if not self._gzipped:
            self._gzipped.append(gzip.compress(self.body, _LEVEL, mtime=0))
        return self._gzipped[0]


def answer(request: Request, ready: Ready, *, media_type: str = "application/json") -> Response:
    """Send the answer, compressed to whoever takes that, or 304 to whoever holds it (RFC 9110, 13.1.2)."""
    headers = {"ETag": ready.etag, "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding", **ready.headers}
    held = request.headers.get("if-none-match")
    if held is not None and _matches(held, ready.etag):
        return Response(status_code=304, headers=headers)
    if len(ready.body) >= _WORTH_IT and _GZIP.search(request.headers.get("accept-encoding", "")):
        # The same answer in other bytes: a weak tag says so (RFC 9110, 8.8.3.3).
        headers |= {"Content-Encoding": "gzip", "ETag": f"W/{ready.etag.removeprefix('W/')}"}
        return Response(ready.gzipped(), headers=headers, media_type=media_type)
    return Response(ready.body, headers=headers, media_type=media_type)


def fresh(ready: Ready) -> Response:
    """Send the answer to somebody who has just changed what it shows."""
    return Response(ready.body, media_type="application/json", headers={"ETag": ready.etag, **ready.headers})


def _matches(held: str, etag: str) -> bool:
    # The weak comparison: whoever compresses puts W/ before our tag.
    tags = {tag.strip().removeprefix("W/") for tag in held.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def of_bytes(body: bytes, *, headers: dict[str, str] | None = None) -> Ready:
    """Return an answer that no version stands for; its tag is of its bytes."""
    return Ready(body, f'"{blake2b(body, digest_size=12).hexdigest()}"', headers or {})


def ready(model: BaseModel, *, headers: dict[str, str] | None = None) -> Ready:
    """Encode an answer that is made for this request."""
    return of_bytes(model.model_dump_json(by_alias=True).encode(), headers=headers)
