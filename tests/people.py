"""People with accounts, made behind the program's back: signing them up has tests of its own."""

import hashlib
import secrets
from dataclasses import dataclass

import psycopg

from goatedvips.accounts.cookies import csrf_token
from goatedvips.accounts.names import skeleton
from goatedvips.accounts.roles import GRANTS, Role

PASSWORD = "correct horse battery"
HASHED = "$2b$04$8GuFrGSG.jm3s8hWdOs3Me6BUia1HnZLbzewaxuPLWkq7Grvs5466"
"""Of that password, at the lowest cost."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    id: int
    username: str
    key: str
    """Opens all that his role may."""

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def key_of(username: str) -> str:
    """Return the key that somebody of this name gets."""
    return f"gvip_{hashlib.sha256(username.encode()).hexdigest()}"


def add_person(
    dsn: str,
    username: str,
    *,
    role: str = "user",
    uid: str | None = None,
    verified: bool = True,
    of_age: bool = True,
) -> Person:
    """Make an account, linked to the player of a uid if one is given, with a key."""
    key = key_of(username)
    scopes = sorted(GRANTS[Role(role)])
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(
            "INSERT INTO users (username, username_skeleton, role, player_id)"
            " VALUES (%s, %s, %s, (SELECT id FROM players WHERE goated_id = %s)) RETURNING id",
            [username, skeleton(username), role, uid],
        ).fetchone()
        assert row is not None
        connection.execute(
            "INSERT INTO user_accounts (user_id, email, email_verified, age_confirmed_at)"
            " VALUES (%s, %s, %s, CASE WHEN %s THEN now() END)",
            [row[0], f"{username}@example.com", verified, of_age],
        )
        connection.execute(
            "INSERT INTO user_credentials (user_id, password) VALUES (%s, %s)", [row[0], HASHED]
        )
        connection.execute(
            "INSERT INTO api_keys (user_id, name, hint, token_sha256, scopes, created_at)"
            " VALUES (%s, 'test', 'gvip_test', %s, %s, now())",
            [row[0], hashlib.sha256(key.encode()).digest(), scopes],
        )
    return Person(row[0], username, key)


def sign_in(dsn: str, person: Person) -> dict[str, str]:
    """Return the headers of a browser in which somebody has just signed in."""
    token = secrets.token_urlsafe(32)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO user_sessions"
            " (user_id, token_sha256, created_at, authenticated_at, last_seen_at, expires_at)"
            " VALUES (%s, %s, now(), now(), now(), now() + interval '1 day')",
            [person.id, hashlib.sha256(token.encode()).digest()],
        )
    return {"Cookie": f"gvip_session={token}", "X-CSRF-Token": csrf_token(token)}
