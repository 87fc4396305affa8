"""Requests that are acted upon once, however often they come (`Idempotency-Key`)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, TypeAlias

from fastapi import Depends, Header
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from goatedvips.accounts.gate import Who
from goatedvips.accounts.idempotency.service import Answer, first_answer, keep
from goatedvips.accounts.identity import Identity
from goatedvips.kit.acting import Acting, acting
from goatedvips.kit.errors import BadInput

_REPLAYED = "Idempotent-Replayed"
_OF_THE_BODY = {"content-length"}
"""Headers that are made again with the answer."""

_Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x20-\x7e]+$",
        description="Of your making: for 24 hours the same request gets the first answer again, and is not"
        " acted upon twice",
    ),
]

Act: TypeAlias = Callable[[AsyncConnection], Awaitable[Response]]
"""Does what is asked in a transaction, and returns the whole answer, with no part still to be made."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request of somebody's, with the key that he made up for it, if he did."""

    who: Identity
    key: str | None
    sha256: bytes
    """Of all that is asked: method, address and body."""


async def _call(request: Request, who: Who, key: _Key = None) -> Call:
    if len(request.headers.getlist("idempotency-key")) > 1:
        raise BadInput.field("Idempotency-Key", "was given more than once")
    address = f"{request.method} {request.url.path}?{request.url.query}\0"
    return Call(who, key, sha256(address.encode() + await request.body()).digest())


Keyed = Annotated[Call, Depends(_call)]
"""The request, for endpoints behind a gate that act upon it with `once`."""


def answered(shown: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return what is shown as the whole answer that `once` needs."""
    body = shown.model_dump_json(by_alias=True)
    return Response(body, status, dict(headers or {}), media_type="application/json")


async def once(engine: AsyncEngine, call: Call, *, role: Acting, now: datetime, act: Act) -> Response:
    """Act upon a request on behalf of who sent it, or give the first answer to it again.

    The key, what is done and the answer are one transaction: twins that come at once wait for each other,
    whoever is killed leaves all of it or nothing, and a request that is refused may be sent again.
    """
    who, key = call.who, call.key
    async with acting(engine, role, who.user_id) as connection:
        if key is None:
            return await act(connection)
        given = await first_answer(connection, who.user_id, key, sha256=call.sha256, now=now)
        if given is not None:
            return Response(given.body, given.status, given.headers | {_REPLAYED: "true"})
        response = await act(connection)
        headers = {name: text for name, text in response.headers.items() if name not in _OF_THE_BODY}
        answer = Answer(response.status_code, headers, bytes(response.body))
        await keep(connection, who.user_id, key, answer)
        return response
