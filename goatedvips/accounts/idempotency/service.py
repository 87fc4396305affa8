"""The first answer under a key: kept in the transaction that did what was asked, given again for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.idempotency.repository import IdempotencyKeys
from goatedvips.kit.errors import BadInput, FieldError

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody was answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class KeyReused(BadInput):
    """The key stands for another request: whoever made it up made a mistake."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        message = "was sent with another request in the last 24 hours; make up a new one for each request"
        super().__init__([FieldError("Idempotency-Key", message)])


async def first_answer(
    connection: AsyncConnection, user_id: int, key: str, *, sha256: bytes, now: datetime
) -> Answer | None:
    """Return what was answered under somebody's key; None if this is the first request with it.

    Then the key is taken, if and when this transaction commits, and whoever sends it meanwhile waits. Raise
    `KeyReused` if it came with another request, of which `sha256` is the hash.
    """
    keys = IdempotencyKeys(connection)
    if await keys.take(user_id, key, sha256=sha256, now=now, ended=now - KEPT):
        return None
    held = await keys.held(user_id, key)
    if bytes(held["request_sha256"]) != sha256:
        raise KeyReused
    return Answer(held["status"], held["headers"], bytes(held["body"]))


async def keep(connection: AsyncConnection, user_id: int, key: str, answer: Answer) -> None:
    """Keep the answer to the request that has taken a key in this transaction."""
    await IdempotencyKeys(connection).keep(
        user_id, key, status=answer.status, headers=answer.headers, body=answer.body
    )
