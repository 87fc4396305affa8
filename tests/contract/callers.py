"""Hooks of schemathesis: every call is made by somebody signed in, whatever the calls before it did."""

import os
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg
import schemathesis

from tests.people import Person, add_person, sign_in

if TYPE_CHECKING:
    from schemathesis import AuthContext, Case

DSN, ROLE, CARRIES = (os.environ[f"CONTRACT_{name}"] for name in ("DSN", "ROLE", "CARRIES"))

STANDS = """
    SELECT role = %(role)s AND status = 'active' AND email_verified
           AND NOT EXISTS (SELECT FROM self_exclusions WHERE self_exclusions.user_id = users.id)
           AND EXISTS (SELECT FROM api_keys WHERE api_keys.user_id = users.id AND revoked_at IS NULL)
           AND (%(carries)s = 'key' OR EXISTS (
               SELECT FROM user_sessions
                WHERE user_sessions.user_id = users.id AND authenticated_at > now() - interval '10 minutes'))
      FROM users JOIN user_accounts ON user_accounts.user_id = users.id
     WHERE users.id = %(id)s
"""


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Somebody of one role; whoever signed out, was banned or erased is followed by another."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._database = psycopg.connect(DSN, autocommit=True)
        self._next()

    def get(self, _case: "Case[Any]", _context: "AuthContext") -> dict[str, str]:
        """Return the headers of whoever calls now."""
        known = {"id": self._person.id, "role": ROLE, "carries": CARRIES}
        found = self._database.execute(STANDS, known).fetchone()
        if found is None or not found[0]:
            self._next()
        return self._headers

    def set(self, case: "Case[Any]", headers: dict[str, str], _context: "AuthContext") -> None:
        """Have a call carry them."""
        case.headers.update(headers)

    def _next(self) -> None:
        self._person: Person = add_person(DSN, f"caller_{ROLE}_{next(self._numbers)}", role=ROLE)
        self._headers = self._person.bearer if CARRIES == "key" else sign_in(DSN, self._person)
