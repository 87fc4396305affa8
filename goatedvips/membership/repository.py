from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

HOLD = text("""
    SELECT id, role, status, player_id, version FROM users
     WHERE id = :id AND status <> 'erased' FOR NO KEY UPDATE
""")
# Whoever takes an administrator away holds them all, so that two at once do not take the last two.
HOLD_ADMINS = text("""
    SELECT id FROM users WHERE role = 'admin' AND status = 'active' ORDER BY id FOR NO KEY UPDATE
""")
SET_STATUS = text("""
    UPDATE users SET status = :status, version = version + 1, last_updated = :now
     WHERE id = :id AND status = :before RETURNING id
""")
SET_BAN = text("""
    UPDATE user_accounts SET banned_at = :at, banned_by = :by, ban_reason = :reason WHERE user_id = :id
""")
SET_ROLE = text("""
    UPDATE users SET role = :role, version = version + 1, last_updated = :now
     WHERE id = :id AND role = :before RETURNING id
""")
EXCLUDE_ONESELF = text("""
    INSERT INTO self_exclusions (user_id, created_at, until) VALUES (:id, :now, :until)
""")
SELF_EXCLUSION = text("""
    SELECT count(*) > 0 AS is_excluded, bool_or(until IS NULL) AS for_good, max(until) AS until
      FROM self_exclusions WHERE user_id = :id AND (until IS NULL OR until > :now)
""")

_LISTED = """
    SELECT person.id, person.username, person.role, person.status, person.privacy, person.created_at,
           person.version, account.email, account.email_verified, account.last_login,
           account.age_confirmed_at, account.banned_at, account.banned_by, account.ban_reason,
           person.player_id, player.goated_id, player.goated_username,
           EXISTS (SELECT FROM self_exclusions AS excluded WHERE excluded.user_id = person.id
                      AND (excluded.until IS NULL OR excluded.until > :now)) AS self_excluded
      FROM users AS person
      LEFT JOIN user_accounts AS account ON account.user_id = person.id
      LEFT JOIN players AS player ON player.id = person.player_id
"""
_WANTED = """
     WHERE (CAST(:role AS text) IS NULL OR person.role = :role)
       AND (CAST(:status AS text) IS NULL OR person.status = :status)
       AND (CAST(:linked AS boolean) IS NULL OR (person.player_id IS NOT NULL) = :linked)
       AND (CAST(:pattern AS text) IS NULL OR person.username_lower LIKE '%' || :pattern || '%'
            OR account.email_lower LIKE '%' || :pattern || '%'
            OR lower(player.goated_username) LIKE '%' || :pattern || '%'
            OR player.goated_id = :exact OR CAST(person.id AS text) = :exact)
"""
PAGE = text(f"{_LISTED} {_WANTED} ORDER BY person.id DESC LIMIT :limit OFFSET :offset")
COUNT = text(f"""
    SELECT count(*) FROM users AS person
      LEFT JOIN user_accounts AS account ON account.user_id = person.id
      LEFT JOIN players AS player ON player.id = person.player_id {_WANTED}
""")
ONE = text(f"{_LISTED} WHERE person.id = :id")
NAMES = text("SELECT username, changed_at FROM user_names WHERE user_id = :id ORDER BY changed_at DESC")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which users: None asks for all."""

    search: str | None
    pattern: str | None
    role: str | None
    status: str | None
    linked: bool | None


class Members:
    """Users as those see them who look after them. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def held(self, user_id: int) -> RowMapping | None:
        """Lock a user until the transaction ends, and return him; None for one who was erased."""
        return (await self._connection.execute(HOLD, {"id": user_id})).mappings().one_or_none()

    async def held_admins(self) -> list[int]:
        """Lock all administrators who are active; return their ids."""
        return list((await self._connection.execute(HOLD_ADMINS)).scalars())

    async def set_status(self, user_id: int, status: str, *, before: str, now: datetime) -> bool:
        """Give a user another status; return False if he has not the one that it starts from."""
        values = {"id": user_id, "status": status, "before": before, "now": now}
        return await self._connection.scalar(SET_STATUS, values) is not None

    async def set_ban(self, user_id: int, *, at: datetime | None, by: str | None, reason: str | None) -> None:
        """Write down who banned a user and why, or that nobody does any more."""
        await self._connection.execute(SET_BAN, {"id": user_id, "at": at, "by": by, "reason": reason})

    async def set_role(self, user_id: int, role: str, *, before: str, now: datetime) -> bool:
        """Give a user another role; return False if he has not the one that it starts from."""
        values = {"id": user_id, "role": role, "before": before, "now": now}
        return await self._connection.scalar(SET_ROLE, values) is not None

    async def exclude_oneself(self, user_id: int, *, until: datetime | None, now: datetime) -> None:
        """Write down that a user keeps himself out."""
        await self._connection.execute(EXCLUDE_ONESELF, {"id": user_id, "until": until, "now": now})

    async def self_exclusion(self, user_id: int, *, now: datetime) -> RowMapping:
        """Return whether a user keeps himself out, for good or until when."""
        values = {"id": user_id, "now": now}
        return (await self._connection.execute(SELF_EXCLUSION, values)).mappings().one()

    async def page(
        self, wanted: Wanted, *, limit: int, offset: int, now: datetime
    ) -> tuple[int, Sequence[RowMapping]]:
        """Return how many users are wanted, and a page of them, the newest first."""
        values: dict[str, Any] = {
            "role": wanted.role,
            "status": wanted.status,
            "linked": wanted.linked,
            "pattern": wanted.pattern,
            "exact": wanted.search,
        }
        total = int(await self._connection.scalar(COUNT, values) or 0)
        values |= {"limit": limit, "offset": offset, "now": now}
        return total, (await self._connection.execute(PAGE, values)).mappings().all()

    async def one(self, user_id: int, *, now: datetime) -> RowMapping | None:
        """Return one user."""
        values = {"id": user_id, "now": now}
        return (await self._connection.execute(ONE, values)).mappings().one_or_none()

    async def names(self, user_id: int) -> Sequence[RowMapping]:
        """Return the names that a user had before, the last one first."""
        return (await self._connection.execute(NAMES, {"id": user_id})).mappings().all()
