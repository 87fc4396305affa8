"""Keys with which programs act for somebody."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.identity import Identity
from goatedvips.accounts.keys.repository import ApiKeys
from goatedvips.accounts.keys.schemas import ApiKeyCreate, ApiKeyMade, ApiKeyView
from goatedvips.accounts.roles import GRANTS, Permission, Role
from goatedvips.accounts.tokens import fingerprint, new_token
from goatedvips.audit.service import Act, record
from goatedvips.kit.errors import BadInput, Conflict, NotFound
from goatedvips.kit.instants import rfc3339

PREFIX = "gvip_"
"""So that a key that leaked is found where secrets are searched for."""
_HINT = len(PREFIX) + 4
_MOST = 25
"""Keys of one user; more are forgotten ones."""
_NOTED_EVERY = timedelta(minutes=1)


class ApiKeyNotFound(NotFound):
    """There is no such key, or it is not one's own."""

    code = "api_key_not_found"

    def __init__(self, key_id: int) -> None:
        super().__init__(f"There is no API key {key_id}.")


class TooManyKeys(Conflict):
    """Somebody has as many keys as anybody needs."""

    code = "too_many_keys"

    def __init__(self) -> None:
        super().__init__(f"You have {_MOST} API keys; revoke one that is not used any more.")


async def identify_key(connection: AsyncConnection, key: str, *, now: datetime) -> Identity | None:
    """Return for whom a key acts, or None if it is none or does no more."""
    if not key.startswith(PREFIX):
        return None
    keys = ApiKeys(connection)
    row = await keys.by_token(fingerprint(key))
    if row is None or row["revoked_at"] is not None or row["status"] != "active":
        return None
    if row["expires_at"] is not None and row["expires_at"] <= now:
        return None
    if row["last_used_at"] is None or now - row["last_used_at"] >= _NOTED_EVERY:
        await keys.note_use(row["id"], now)
    role = Role(row["role"])
    return Identity(
        user_id=row["user_id"],
        username=row["username"],
        role=role,
        permissions=GRANTS[role] & {Permission(scope) for scope in row["scopes"] if scope in _KNOWN},
        session_id=None,
        key_id=row["id"],
        until=row["expires_at"],
        proved_at=None,
    )


async def make_key(
    connection: AsyncConnection, user_id: int, role: Role, wanted: ApiKeyCreate, *, actor: str, now: datetime
) -> ApiKeyMade:
    """Make a key of somebody's; raise `BadInput` for scopes beyond his role, or `TooManyKeys`."""
    beyond = sorted(set(wanted.scopes) - GRANTS[role])
    if beyond:
        raise BadInput.field("scopes", f"{', '.join(beyond)}: more than you may do yourself")
    if wanted.expires_at is not None and wanted.expires_at <= now:
        raise BadInput.field("expiresAt", "must be in the future")
    keys, key = ApiKeys(connection), new_token(PREFIX)
    if await keys.count(user_id) >= _MOST:
        raise TooManyKeys
    row = await keys.add(
        {
            "user_id": user_id,
            "name": wanted.name,
            "hint": key[:_HINT],
            "token": fingerprint(key),
            "scopes": sorted(set(wanted.scopes)),
            "now": now,
            "expires_at": wanted.expires_at,
        }
    )
    details = {"user": user_id, "scopes": list(row["scopes"])}
    if row["expires_at"] is not None:
        details["expiresAt"] = rfc3339(row["expires_at"])
    await record(connection, [Act("api_key.made", f"api_key:{row['id']}", details)], actor=actor, at=now)
    return ApiKeyMade(**_shown(row), key=key)


async def list_keys(connection: AsyncConnection, user_id: int | None) -> list[ApiKeyView]:
    """Return somebody's keys, or everybody's for None, newest first."""
    return [ApiKeyView(**_shown(row)) for row in await ApiKeys(connection).listed(user_id)]


async def revoke_key(
    connection: AsyncConnection, key_id: int, user_id: int | None, *, actor: str, now: datetime
) -> None:
    """Revoke a key of somebody, or of anybody for None; raise `ApiKeyNotFound`."""
    row = await ApiKeys(connection).revoke(key_id, user_id, now=now)
    if row is None:
        raise ApiKeyNotFound(key_id)
    act = Act("api_key.revoked", f"api_key:{key_id}", {"user": row["user_id"]})
    await record(connection, [act], actor=actor, at=now)


_KNOWN = frozenset(Permission)


def _shown(row: RowMapping) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "revoked_at"}
