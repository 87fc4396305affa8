"""What the roles that serve and look may do with each table (docs/adr/0019). Every table must be named here.

The grants are given after a migration to those of the two roles that the server has; the owner needs none.
"""

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import Connection, text

from goatedvips.kit.database_roles import APP, READER

LOOK, ADD, LOG, KEEP = (
    "SELECT",
    "SELECT, INSERT",
    "SELECT, INSERT, DELETE",
    "SELECT, INSERT, UPDATE",
)
ALL = "SELECT, INSERT, UPDATE, DELETE"

FOR_APP = {
    "alembic_version": LOOK,
    "api_keys": ALL,
    # What is logged of a request is taken from it when a person has himself erased.
    "api_request_logs": "SELECT, INSERT, UPDATE (user_id, api_key_id, address)",
    "audit_log": ADD,
    "exclusions": KEEP,
    "face_revision": "SELECT, UPDATE",
    "feed_reports": ALL,
    "idempotency_keys": ALL,
    "ledger_transfers": ADD,
    "legacy_race_participants": ADD,
    "legacy_races": ADD,
    "legacy_rows": ADD,
    "link_requests": KEEP,
    "link_signatures": ALL,
    "login_attempts": ALL,
    "outbox": ALL,
    "player_names": KEEP,
    "players": KEEP,
    "quarantine_reviews": ADD,
    "race_awards": KEEP,
    "race_proofs": ADD,
    "race_series": KEEP,
    "race_standings": KEEP,
    "recovery_codes": ALL,
    "self_exclusions": ADD,
    "sync_logs": KEEP,
    "sync_requests": KEEP,
    "tier_changes": ADD,
    "transformation_logs": ADD,
    "user_accounts": ALL,
    "user_credentials": ALL,
    "user_devices": ALL,
    "user_names": ALL,
    "user_sessions": ALL,
    "user_tokens": ALL,
    "users": KEEP,
    "wager_race_participants": ADD,
    "wager_races": KEEP,
    "wager_readings": ADD,
    "wager_totals": KEEP,
}
"""What is append-only is so by the missing right and by a trigger."""

SHOWN_TO_READER = {
    "api_request_logs": ("at", "method", "path", "status", "milliseconds", "user_id"),
    "user_accounts": ("user_id", "email_verified", "last_login", "age_confirmed_at", "banned_at"),
}
"""Of these the reader sees these columns only: no address, no mail."""

HIDDEN_FROM_READER = frozenset(
    {
        *("alembic_version", "api_keys", "idempotency_keys", "login_attempts", "outbox", "recovery_codes"),
        *("user_credentials", "user_devices", "user_names", "user_sessions", "user_tokens"),
    }
)

VIEWS = ("ledger_postings", "wager_amounts")
FUNCTIONS = ("make_room(text, date)", "drop_room(text, date)", "remove_unused(bigint[])")
"""What the app may have the owner do."""
SEQUENCES = ("person_ids",)


def grant(connection: Connection) -> bool:
    """Give the roles that are there what they may do, unless they have it; return whether anything was done.

    Only the owner can; what was granted is noted on a table, so that a start costs one query.
    """
    known = {name for (name,) in connection.execute(_ROLES, {"names": [APP, READER]})}
    statements = [*(_for_app() if APP in known else ()), *(_for_reader() if READER in known else ())]
    note = sha256("\n".join(statements).encode()).hexdigest()
    if connection.scalar(_NOTED) == note:
        return False
    for statement in [*statements, f"COMMENT ON TABLE alembic_version IS '{note}'"]:
        connection.execute(text(statement))
    return True


_ROLES = text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names)")
_NOTED = text("SELECT obj_description(to_regclass('alembic_version'), 'pg_class')")


def _for_app() -> Iterator[str]:
    yield f"GRANT USAGE ON SCHEMA public TO {APP}"
    for table, privileges in FOR_APP.items():
        yield f"REVOKE ALL ON {table} FROM {APP}"
        yield f"GRANT {privileges} ON {table} TO {APP}"
    yield f"GRANT SELECT ON {', '.join(VIEWS)} TO {APP}"
    yield f"GRANT USAGE ON SEQUENCE {', '.join(SEQUENCES)} TO {APP}"
    for function in FUNCTIONS:
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {APP}"


def _for_reader() -> Iterator[str]:
    yield f"GRANT USAGE ON SCHEMA public TO {READER}"
    for table in FOR_APP:
        yield f"REVOKE ALL ON {table} FROM {READER}"
        if columns := SHOWN_TO_READER.get(table):
            yield f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {READER}"
        elif table not in HIDDEN_FROM_READER:
            yield f"GRANT SELECT ON {table} TO {READER}"
    yield f"GRANT SELECT ON {', '.join(VIEWS)} TO {READER}"
