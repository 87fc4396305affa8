"""Answers that are encoded once and sent often."""

from dataclasses import dataclass, field
from hashlib import blake2b

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

# A cache may keep the answer but must ask each time: a new version may be there.
CACHE_CONTROL = "no-cache"


@dataclass(frozen=True, slots=True)
class Ready:
    """The bytes of an answer, the tag of their version, and headers of their own."""

    body: bytes
    etag: str
    headers: dict[str, str] = field(default_factory=dict)


def answer(request: Request, ready: Ready, *, media_type: str = "application/json") -> Response:
    """Send the answer, or 304 to whoever holds it (RFC 9110, 13.1.2)."""
    headers = {"ETag": ready.etag, "Cache-Control": CACHE_CONTROL, **ready.headers}
    held = request.headers.get("if-none-match")
    if held is not None and _matches(held, ready.etag):
        return Response(status_code=304, headers=headers)
    return Response(ready.body, headers=headers, media_type=media_type)


def fresh(ready: Ready) -> Response:
    """Send the answer to somebody who has just changed what it shows."""
    return Response(ready.body, media_type="application/json", headers={"ETag": ready.etag, **ready.headers})


def _matches(held: str, etag: str) -> bool:
    # The weak comparison: a proxy that compresses may have put W/ before our tag.
    tags = {tag.strip().removeprefix("W/") for tag in held.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def of_bytes(body: bytes, *, headers: dict[str, str] | None = None) -> Ready:
    """Return an answer that no version stands for; its tag is of its bytes."""
    return Ready(body, f'"{blake2b(body, digest_size=12).hexdigest()}"', headers or {})


def ready(model: BaseModel, *, headers: dict[str, str] | None = None) -> Ready:
    """Encode an answer that is made for this request."""
    return of_bytes(model.model_dump_json(by_alias=True).encode(), headers=headers)
