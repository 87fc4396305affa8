from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

_CREDENTIALS = """
    SELECT person.id, person.username, person.role, person.status, account.email, account.email_verified,
           account.ban_reason, credential.password, credential.truncates, credential.totp_secret,
           credential.totp_confirmed_at, credential.totp_last_step
      FROM users AS person
      JOIN user_accounts AS account ON account.user_id = person.id
      JOIN user_credentials AS credential ON credential.user_id = person.id
"""
BY_USERNAME = text(f"{_CREDENTIALS} WHERE person.username_lower = lower(:login)")
# Whose address is verified before those who only say that it is theirs; of these, only one who is alone.
BY_EMAIL = text(f"""
    {_CREDENTIALS} WHERE account.email_lower = lower(:login) AND person.status <> 'erased'
     ORDER BY account.email_verified DESC, person.id DESC LIMIT 2
""")
BY_ID = text(f"{_CREDENTIALS} WHERE person.id = :id")

ME = text("""
    SELECT person.*, account.email, account.email_verified, account.last_login, account.age_confirmed_at,
           player.goated_id, player.goated_username,
           excluded.*
      FROM users AS person
      JOIN user_accounts AS account ON account.user_id = person.id
      LEFT JOIN players AS player ON player.id = person.player_id
     CROSS JOIN LATERAL (
           SELECT count(*) > 0 AS is_excluded, bool_or(until IS NULL) AS for_good,
                  max(until) AS excluded_until
             FROM self_exclusions WHERE user_id = person.id AND (until IS NULL OR until > :now)
     ) AS excluded
     WHERE person.id = :id
""")
SECOND_FACTOR = text("""
    SELECT totp_confirmed_at IS NOT NULL AS enabled,
           (SELECT count(*) FROM recovery_codes WHERE user_id = :id AND used_at IS NULL) AS codes_left
      FROM user_credentials WHERE user_id = :id
""")

ADD_USER = text("""
    INSERT INTO users (username, username_skeleton, role, created_at)
    VALUES (:username, :skeleton, :role, :now) RETURNING id
""")
ADD_ACCOUNT = text("""
    INSERT INTO user_accounts (user_id, email, email_verified, age_confirmed_at)
    VALUES (:id, :email, :email_verified, :age_confirmed_at)
""")
ADD_CREDENTIALS = text("""
    INSERT INTO user_credentials (user_id, password, password_changed_at) VALUES (:id, :password, :now)
""")
SET_PASSWORD = text("""
    UPDATE user_credentials SET password = :password, password_changed_at = :now, truncates = false
     WHERE user_id = :id
""")
# Only while it is the one that was compared: a change meanwhile must not be undone.
REHASH = text("""
    UPDATE user_credentials SET password = :password, truncates = false
     WHERE user_id = :id AND password = :held
""")
NOTE_LOGIN = text("UPDATE user_accounts SET last_login = :now WHERE user_id = :id")
VERIFY_EMAIL = text("""
    UPDATE user_accounts SET email_verified = true
     WHERE user_id = :id AND email_lower = lower(:email) AND NOT email_verified
    RETURNING user_id
""")
IS_TAKEN = text("""
    SELECT EXISTS (SELECT FROM users
                    WHERE (username_lower = lower(:username) OR username_skeleton = :skeleton)
                      AND id IS DISTINCT FROM :but)
""")
CONFIRM_AGE = text("""
    UPDATE user_accounts SET age_confirmed_at = coalesce(age_confirmed_at, :now) WHERE user_id = :id
""")
TOUCH = text("""
    UPDATE users SET version = version + 1, last_updated = :now WHERE id = :id RETURNING version
""")


class NameTaken(Exception):
    """Another account has this name, or one that looks like it."""


class Accounts:
    """Users with what is theirs alone. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def by_login(self, login: str) -> RowMapping | None:
        """Return the credentials of whoever has this name or, with an `@` in it, this mail address."""
        if "@" not in login:
            return await self._one(BY_USERNAME, login=login)
        rows = (await self._connection.execute(BY_EMAIL, {"login": login})).mappings().all()
        alone = len(rows) == 1 or bool(rows and rows[0]["email_verified"])
        return rows[0] if alone else None

    async def by_email(self, email: str) -> RowMapping | None:
        """Return the credentials of whoever has verified an address, else of the last who claimed it."""
        return (await self._connection.execute(BY_EMAIL, {"login": email})).mappings().first()

    async def credentials(self, user_id: int) -> RowMapping | None:
        """Return somebody's credentials."""
        return await self._one(BY_ID, id=user_id)

    async def me(self, user_id: int, *, now: datetime) -> RowMapping | None:
        """Return all that somebody may see of his own account but his second factor."""
        return await self._one(ME, id=user_id, now=now)

    async def second_factor(self, user_id: int) -> RowMapping | None:
        """Return whether somebody signs in with a second factor, and how many recovery codes he has left."""
        return await self._one(SECOND_FACTOR, id=user_id)

    async def is_taken(self, username: str, skeleton: str, *, but: int | None = None) -> bool:
        """Say whether somebody has this name or one that looks like it."""
        values = {"username": username, "skeleton": skeleton, "but": but}
        return bool(await self._connection.scalar(IS_TAKEN, values))

    async def add(self, values: dict[str, Any]) -> int:
        """Add an account in all its parts; return its id. Raise `NameTaken`.

        After that the transaction can only be rolled back.
        """
        try:
            user_id = int(await self._connection.scalar(ADD_USER, values) or 0)
        except IntegrityError as error:
            if isinstance(error.orig, psycopg.errors.UniqueViolation):
                raise NameTaken from None
            raise
        await self._connection.execute(ADD_ACCOUNT, values | {"id": user_id})
        await self._connection.execute(ADD_CREDENTIALS, values | {"id": user_id})
        return user_id

    async def set_password(self, user_id: int, password: str, *, now: datetime) -> None:
        """Set the hash of a new password."""
        await self._connection.execute(SET_PASSWORD, {"id": user_id, "password": password, "now": now})

    async def rehash(self, user_id: int, password: str, *, held: str) -> None:
        """Set another hash of the same password, unless it was changed meanwhile."""
        await self._connection.execute(REHASH, {"id": user_id, "password": password, "held": held})

    async def note_login(self, user_id: int, *, now: datetime) -> None:
        """Write down that somebody signed in."""
        await self._connection.execute(NOTE_LOGIN, {"id": user_id, "now": now})

    async def confirm_age(self, user_id: int, *, now: datetime) -> None:
        """Write down that somebody said that he is of age."""
        await self._connection.execute(CONFIRM_AGE, {"id": user_id, "now": now})

    async def verify_email(self, user_id: int, email: str) -> bool:
        """Write down that an address is somebody's; return False if it is not his present one, or was before.

        Raise `IntegrityError` if it is verified as another's.
        """
        return await self._connection.scalar(VERIFY_EMAIL, {"id": user_id, "email": email}) is not None

    async def touch(self, user_id: int, *, now: datetime) -> int:
        """Raise an account's version; return it."""
        return int(await self._connection.scalar(TOUCH, {"id": user_id, "now": now}) or 0)

    async def _one(self, statement: TextClause, **values: Any) -> RowMapping | None:  # noqa: ANN401 - what SQL takes
        return (await self._connection.execute(statement, values)).mappings().one_or_none()
