"""Erasing a person: everywhere, while races, books and proofs stay as they were (docs/adr/0023).

His account is emptied. His player goes on to be counted, or a race would not add up, but nameless: what the
feed calls him is kept no more, frozen results call him "deleted player", and the salts that tied him to
proofs are gone, so that nobody can show any more whose commitments they hold.
"""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.errors import UserNotFound
from goatedvips.accounts.sessions.service import end_sessions
from goatedvips.audit.service import Act, record
from goatedvips.membership.errors import LastAdministrator
from goatedvips.membership.repository import Members
from goatedvips.realtime.announce import announce

ERASED_NAME = "deleted player"

_EMPTIED = (
    *("user_names", "user_devices", "user_tokens", "recovery_codes", "api_keys", "idempotency_keys"),
    *("user_credentials", "user_accounts"),
)
"""Tables in which nothing of him is left."""
_BY_USER = (
    *(text(f"DELETE FROM {table} WHERE user_id = :user_id") for table in _EMPTIED),  # noqa: S608 - our own
    text("UPDATE link_requests SET message = NULL, reason = NULL WHERE user_id = :user_id"),
    text("""
        DELETE FROM link_signatures
         WHERE request_id IN (SELECT id FROM link_requests WHERE user_id = :user_id)
    """),
    text("UPDATE race_awards SET user_id = NULL WHERE user_id = :user_id"),
    text("""
        UPDATE api_request_logs SET user_id = NULL, api_key_id = NULL, address = NULL
         WHERE user_id = :user_id
    """),
)
EMPTY = text("""
    UPDATE users
       SET username = 'deleted-' || id, username_skeleton = 'deleted-' || id, bio = NULL,
           profile_color = DEFAULT, privacy = 'hidden', role = 'user', status = 'erased', player_id = NULL,
           version = version + 1, last_updated = :now
     WHERE id = :user_id AND status <> 'erased'
    RETURNING id
""")
_BY_PLAYER = (
    text("UPDATE players SET erased_at = :now, goated_username = :name WHERE id = :player_id"),
    text("UPDATE player_names SET goated_username = :name WHERE player_id = :player_id"),
    text("""
        UPDATE race_standings SET username = :name, user_id = NULL, salt = NULL WHERE player_id = :player_id
    """),
    text("UPDATE race_awards SET user_id = NULL WHERE player_id = :player_id"),
)
# So that no copy of an old answer passes for the present one.
TOUCH_RACES = text("""
    WITH those AS MATERIALIZED (
        SELECT id FROM wager_races
         WHERE id IN (SELECT race_id FROM race_standings WHERE player_id = :player_id)
         ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE wager_races AS race SET version = version + 1 FROM those WHERE race.id = those.id
    RETURNING race.id
""")


async def erase(
    connection: AsyncConnection, user_id: int, *, reason: str | None, actor: str, now: datetime
) -> None:
    """Erase somebody. The connection acts as the program. Raises `UserNotFound` or `LastAdministrator`.

    What he is owed stays owed, to his player; what excludes that player from races stays too.
    """
    members = Members(connection)
    if await members.held_admins() == [user_id]:
        raise LastAdministrator
    held = await members.held(user_id)
    if held is None:
        raise UserNotFound(user_id)
    await end_sessions(connection, user_id)
    for statement in _BY_USER:
        await connection.execute(statement, {"user_id": user_id})
    await connection.execute(EMPTY, {"user_id": user_id, "now": now})
    if held["player_id"] is not None:
        await _erase_player(connection, held["player_id"], now=now)
    await announce(connection, f"user:{user_id}")
    details = {} if reason is None else {"reason": reason}
    await record(connection, [Act("user.erased", f"user:{user_id}", details)], actor=actor, at=now)


async def _erase_player(connection: AsyncConnection, player_id: int, *, now: datetime) -> None:
    values = {"player_id": player_id, "now": now, "name": ERASED_NAME}
    races = (await connection.execute(TOUCH_RACES, values)).scalars().all()
    for statement in _BY_PLAYER:
        await connection.execute(statement, values)
    for race_id in sorted(races):
        await announce(connection, f"race:{race_id}")
