from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

OLD: Mapping[str, str] = {
    # The last applied report is what the next one is compared with. A race that was made for the past has
    # a boundary that was none when its report was kept.
    "feed_reports": """
        NOT is_boundary AND received_at < :before
        AND sha256 IS DISTINCT FROM (
            SELECT report_sha256 FROM sync_logs WHERE status = 'completed' ORDER BY id DESC LIMIT 1)
        AND NOT EXISTS (
            SELECT FROM wager_races AS race
              JOIN sync_logs AS run ON run.id IN (race.start_run_id, race.end_run_id)
             WHERE run.report_sha256 = old.sha256)
    """,
    "outbox": "delivered_at < :before",
    "idempotency_keys": "created_at < :before",
    "login_attempts": "at < :before",
    "user_tokens": "least(used_at, expires_at) < :before",
    "user_sessions": "expires_at < :before",
    "user_devices": "last_used_at < :before",
}
"""Which rows of a table, called `old`, are due."""

# Another worker may be at it: neither waits for the other.
_DELETE = """
    DELETE FROM {table} WHERE ctid = ANY(ARRAY(
        SELECT old.ctid FROM {table} AS old WHERE {due} LIMIT :many FOR UPDATE SKIP LOCKED))
"""
DELETE = {table: text(_DELETE.format(table=table, due=due)) for table, due in OLD.items()}
COUNT = {table: text(f"SELECT count(*) FROM {table} AS old WHERE {due}") for table, due in OLD.items()}

# No trace of any use but the registration itself: whoever registers here is made at one instant, and nobody
# who was imported, or made by an administrator. Whatever refers to an account keeps it.
_LAPSED = """
      FROM users AS person
      JOIN user_accounts AS account ON account.user_id = person.id
      JOIN user_credentials AS credential ON credential.user_id = person.id
     WHERE person.role = 'user' AND person.status = 'active' AND person.player_id IS NULL
       AND person.version = 1 AND person.created_at < :before
       AND account.email IS NOT NULL AND NOT account.email_verified AND account.banned_at IS NULL
       AND account.last_login < :before
       AND credential.password_changed_at = person.created_at AND credential.totp_secret IS NULL
       AND NOT EXISTS (SELECT FROM user_sessions WHERE user_id = person.id AND last_seen_at >= :before)
       AND NOT EXISTS (SELECT FROM api_keys WHERE user_id = person.id)
       AND NOT EXISTS (SELECT FROM idempotency_keys WHERE user_id = person.id)
       AND NOT EXISTS (SELECT FROM link_requests WHERE user_id = person.id)
       AND NOT EXISTS (SELECT FROM race_awards WHERE user_id = person.id)
       AND NOT EXISTS (SELECT FROM race_standings WHERE user_id = person.id)
       AND NOT EXISTS (SELECT FROM recovery_codes WHERE user_id = person.id)
       AND NOT EXISTS (SELECT FROM self_exclusions WHERE user_id = person.id)
       AND NOT EXISTS (SELECT FROM user_names WHERE user_id = person.id)
"""
COUNT_LAPSED = text(f"SELECT count(*) {_LAPSED}")
LOCK_LAPSED = text(f"""
    SELECT person.id {_LAPSED} ORDER BY person.id LIMIT :many FOR UPDATE OF person, account SKIP LOCKED
""")
STILL_LAPSED = text(f"SELECT person.id {_LAPSED} AND person.id = ANY(CAST(:ids AS bigint[])) ORDER BY 1")
REMOVE_PARTS = [
    text(f"DELETE FROM {table} WHERE user_id = ANY(CAST(:ids AS bigint[]))")
    for table in ("user_sessions", "user_devices", "user_tokens", "user_credentials", "user_accounts")
]
REMOVE = text("SELECT remove_unused(CAST(:ids AS bigint[]))")


class Leftovers:
    """What is due to go. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self, table: str, before: datetime) -> int:
        """Count the rows of a table that are due."""
        return int(await self._connection.scalar(COUNT[table], {"before": before}) or 0)

    async def delete(self, table: str, before: datetime, *, many: int) -> int:
        """Delete so many rows of a table that are due, at most; return how many."""
        return (await self._connection.execute(DELETE[table], {"before": before, "many": many})).rowcount

    async def count_lapsed(self, before: datetime) -> int:
        """Count the accounts that were never used since."""
        return int(await self._connection.scalar(COUNT_LAPSED, {"before": before}) or 0)

    async def lock_lapsed(self, before: datetime, *, many: int) -> list[int]:
        """Lock so many accounts that were never used since, at most; return their ids."""
        locked = await self._connection.execute(LOCK_LAPSED, {"before": before, "many": many})
        values = {"before": before, "ids": list(locked.scalars())}
        # Looked at again: whoever did something before the lock has committed it, and now nobody can.
        return list((await self._connection.execute(STILL_LAPSED, values)).scalars())

    async def remove(self, ids: list[int]) -> None:
        """Remove accounts that did nothing, with all their parts."""
        for statement in (*REMOVE_PARTS, REMOVE):
            await self._connection.execute(statement, {"ids": ids})
