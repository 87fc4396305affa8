"""Who asks, and what he may do."""

from dataclasses import dataclass
from datetime import datetime

from goatedvips.accounts.roles import Permission, Role


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who proved who he is: in a browser by a session, or a program by a key of his."""

    user_id: int
    username: str
    role: Role
    permissions: frozenset[Permission]
    """The role's; of a key only those within its scopes."""
    session_id: int | None
    key_id: int | None
    until: datetime | None
    """When the session or the key ends; None for a key without an end."""
    proved_at: datetime | None
    """When he last gave his password; None for a key."""

    @property
    def actor(self) -> str:
        """His name in the audit log."""
        return f"user:{self.user_id}"


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from. The address is None if it tells nothing, like loopback's."""

    address: str | None
    user_agent: str | None
    device_token: str | None = None
    """Of a browser that has signed in before."""
