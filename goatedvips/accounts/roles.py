"""What each role may do beyond what is everybody's: declared once, asked for by name at each endpoint."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What an account is on this site."""

    USER = "user"
    SUPPORT = "support"
    ADMIN = "admin"


class Permission(StrEnum):
    """Something that not everybody may do."""

    OWN = "own"
    """See and change what is one's own."""
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    LINKS_REVIEW = "links:review"
    RACES_WRITE = "races:write"
    AWARDS_READ = "awards:read"
    AWARDS_WRITE = "awards:write"
    SYNC_READ = "sync:read"
    SYNC_WRITE = "sync:write"
    LOGS_READ = "logs:read"
    AUDIT_READ = "audit:read"
    KEYS_WRITE = "keys:write"
    OVERLAY_READ = "overlay:read"
    """Show a race on a stream. A key that may nothing else shows nobody what is not everybody's."""


GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.USER: frozenset({Permission.OWN, Permission.OVERLAY_READ}),
    Role.SUPPORT: frozenset(
        {Permission.OWN, Permission.OVERLAY_READ, Permission.USERS_READ, Permission.LINKS_REVIEW}
    ),
    Role.ADMIN: frozenset(Permission),
}
"""The whole table. Each role may do what the one before it may."""

STAFF = frozenset({Role.SUPPORT, Role.ADMIN})
"""Who takes no prizes, whose sessions are short, and who is asked to prove himself with a second factor."""
