"""Hooks of schemathesis: every call is made by somebody signed in, whatever the calls before it did."""

import os
import secrets
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg
import schemathesis

from goatedvips.accounts.cookies import csrf_token
from tests.people import Person, add_person

if TYPE_CHECKING:
    from schemathesis import AuthContext, Case

DSN, ROLE, CARRIES = (os.environ[f"CONTRACT_{name}"] for name in ("DSN", "ROLE", "CARRIES"))

STANDS = """
    SELECT role = %(role)s AND email_verified
           AND NOT EXISTS (SELECT FROM self_exclusions WHERE self_exclusions.user_id = users.id)
           AND CASE %(carries)s
               WHEN 'key' THEN EXISTS (SELECT FROM api_keys WHERE token_sha256 = %(key)s
                                    AND revoked_at IS NULL)
               ELSE EXISTS (SELECT FROM user_sessions WHERE token_sha256 = %(session)s
                                AND authenticated_at > now() - interval '10 minutes')
               END
      FROM users JOIN user_accounts ON user_id = users.id
     WHERE users.id = %(user)s
"""
SIGN_IN = """
    INSERT INTO user_sessions
           (user_id, token_sha256, created_at, authenticated_at, last_seen_at, expires_at)
    VALUES (%(user)s, %(session)s, now(), now(), now(), now() + interval '1 day')
"""


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Somebody of one role; whoever signed out, was banned or erased is followed by another."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._person: Person | None = None
        self._token = ""
        self._database = psycopg.connect(DSN, autocommit=True)

    def get(self, _case: "Case[Any]", _context: "AuthContext") -> dict[str, str]:
        """Return the headers of whoever calls now."""
        if self._person is None or not self._stands(self._person):
            self._person = add_person(DSN, f"caller_{ROLE}_{next(self._numbers)}", role=ROLE)
            self._token = secrets.token_urlsafe(32)
            if CARRIES == "session":
                self._database.execute(SIGN_IN, self._known(self._person))
        if CARRIES == "key":
            return self._person.bearer
        return {"Cookie": f"gvip_session={self._token}", "X-CSRF-Token": csrf_token(self._token)}

    def set(self, case: "Case[Any]", headers: dict[str, str], _context: "AuthContext") -> None:
        """Have a call carry them."""
        case.headers.update(headers)

    def _stands(self, person: Person) -> bool:
        found = self._database.execute(STANDS, self._known(person)).fetchone()
        return found is not None and bool(found[0])

    def _known(self, person: Person) -> dict[str, object]:
        session, key = (sha256(token.encode()).digest() for token in (self._token, person.key))
        return {"user": person.id, "role": ROLE, "carries": CARRIES, "session": session, "key": key}
