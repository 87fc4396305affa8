"""Sessions: opened, recognised, renewed and ended. Whatever ends one tells every process."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.identity import Client, Identity
from goatedvips.accounts.roles import GRANTS, Role
from goatedvips.accounts.sessions.lifetimes import NOTED_EVERY, lifetime
from goatedvips.accounts.sessions.repository import Sessions
from goatedvips.accounts.tokens import fingerprint, new_token
from goatedvips.realtime.announce import announce

SIGNED_OUT = "signed_out"
"""Begins the announcement that a session ended: `signed_out:17`."""
_LONGEST_AGENT = 300


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just opened or renewed, with what only the browser keeps."""

    session_id: int
    token: str
    expires_at: datetime
    device_token: str | None
    """For a browser that signed in for the first time."""


async def open_session(
    connection: AsyncConnection, user_id: int, role: Role, *, client: Client, now: datetime
) -> Opened:
    """Open a session for somebody who proved who he is, and remember his browser."""
    sessions, token = Sessions(connection), new_token()
    expires_at = now + lifetime(role).whole
    agent = client.user_agent
    session_id = await sessions.add(
        {
            "user_id": user_id,
            "token": fingerprint(token),
            "now": now,
            "expires_at": expires_at,
            "address": client.address,
            "user_agent": None if agent is None else agent[:_LONGEST_AGENT],
        }
    )
    known = await device_of(connection, user_id, client)
    if known is not None:
        await sessions.use_device(known, now)
        return Opened(session_id, token, expires_at, None)
    return Opened(session_id, token, expires_at, await remember_browser(connection, user_id, now=now))


async def remember_browser(connection: AsyncConnection, user_id: int, *, now: datetime) -> str:
    """Return a token by which a browser is known again as one that has been let in."""
    device_token = new_token()
    await Sessions(connection).add_device(user_id, fingerprint(device_token), now)
    return device_token


async def device_of(connection: AsyncConnection, user_id: int | None, client: Client) -> int | None:
    """Return the number of a browser that has signed in to this account before, or None."""
    if user_id is None or client.device_token is None:
        return None
    device = await Sessions(connection).device(fingerprint(client.device_token))
    return None if device is None or device["user_id"] != user_id else int(device["id"])


async def identify(connection: AsyncConnection, token: str, *, now: datetime) -> Identity | None:
    """Return who holds a session's token, or None if it is over or its owner may not come in any more."""
    sessions = Sessions(connection)
    row = await sessions.by_token(fingerprint(token))
    if row is None or row["status"] != "active" or _is_over(row, now):
        return None
    if now - row["last_seen_at"] >= NOTED_EVERY:
        await sessions.note_use(row["id"], now)
    role = Role(row["role"])
    return Identity(
        user_id=row["user_id"],
        username=row["username"],
        role=role,
        permissions=GRANTS[role],
        session_id=row["id"],
        key_id=None,
        until=row["expires_at"],
        proved_at=row["authenticated_at"],
    )


async def renew(connection: AsyncConnection, session_id: int, *, now: datetime) -> str | None:
    """Give a session another token, since what its holder may do has changed; None if it has ended."""
    token = new_token()
    return token if await Sessions(connection).renew(session_id, fingerprint(token), now) else None


async def end_session(connection: AsyncConnection, user_id: int, session_id: int) -> bool:
    """End one of somebody's sessions; return False if it is none of his."""
    ended = await Sessions(connection).end(user_id, session_id)
    if ended:
        await announce(connection, f"{SIGNED_OUT}:{session_id}")
    return ended


async def end_sessions(connection: AsyncConnection, user_id: int, *, but: int | None = None) -> int:
    """End all of somebody's sessions, except for one; return how many."""
    ended = await Sessions(connection).end_all(user_id, but=but)
    for session_id in ended:
        await announce(connection, f"{SIGNED_OUT}:{session_id}")
    return len(ended)


def _is_over(row: RowMapping, now: datetime) -> bool:
    lasts = lifetime(Role(row["role"]))
    return lasts.is_over(now, last_seen_at=row["last_seen_at"], expires_at=row["expires_at"])
