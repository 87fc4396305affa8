from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

_PERSON = """
    SELECT player.id AS player_id, player.goated_id, player.goated_username,
           player.created_at AS player_since,
           person.id AS user_id, person.username, person.bio, person.profile_color,
           person.created_at AS user_since,
           CASE WHEN player.erased_at IS NOT NULL THEN 'erased'
                WHEN EXISTS (SELECT FROM exclusions AS off
                              WHERE off.player_id = player.id AND off.race_id IS NULL
                                AND off.kind IN ('banned', 'self_excluded') AND off.lifted_at IS NULL
                                AND (off.until IS NULL OR off.until > now())) THEN 'hidden'
                ELSE coalesce(person.privacy, 'public') END AS shown
"""
_OF_PLAYER = f"{_PERSON} FROM players AS player LEFT JOIN users AS person ON person.player_id = player.id"
_OF_USER = f"{_PERSON} FROM users AS person LEFT JOIN players AS player ON player.id = person.player_id"

PLAYER_BY_ID = text(f"{_OF_PLAYER} WHERE player.id = :key")
PLAYER_BY_UID = text(f"{_OF_PLAYER} WHERE player.goated_id = :key")
USER_BY_ID = text(f"{_OF_USER} WHERE person.id = :key")

# All readings if they are few, else the newest of each of as many equal groups; and before them the
# state in which the window began.
HISTORY = text("""
    (SELECT CAST(:since AS timestamptz) AS at, today, this_week, this_month, all_time
       FROM wager_readings
      WHERE player_id = :player_id AND as_of < :since
      ORDER BY as_of DESC LIMIT 1)
    UNION ALL
    (SELECT DISTINCT ON (part) as_of, today, this_week, this_month, all_time
       FROM (SELECT *, ntile(:most) OVER (ORDER BY as_of) AS part
               FROM wager_readings WHERE player_id = :player_id AND as_of >= :since) AS reading
      ORDER BY part, as_of DESC)
    ORDER BY at
""")

# Who does not show his name is not found by it.
_IS_PUBLIC = """
       coalesce(person.privacy, 'public') = 'public' AND player.erased_at IS NULL
   AND NOT EXISTS (SELECT FROM exclusions AS off
                    WHERE off.player_id = player.id AND off.race_id IS NULL
                      AND off.kind IN ('banned', 'self_excluded') AND off.lifted_at IS NULL
                      AND (off.until IS NULL OR off.until > now()))
"""
# What people type is text, not a pattern: :pattern comes with its own % and _ escaped.
_FOUND = f"""
    WITH found AS (
        SELECT player.id AS player_id, person.id AS user_id
          FROM players AS player LEFT JOIN users AS person ON person.player_id = player.id
         WHERE lower(player.goated_username) LIKE '%' || :pattern || '%' AND {_IS_PUBLIC}
         UNION
        SELECT person.player_id, person.id
          FROM users AS person LEFT JOIN players AS player ON player.id = person.player_id
         WHERE lower(person.username) LIKE '%' || :pattern || '%' AND {_IS_PUBLIC}
    )
"""
COUNT_FOUND = text(_FOUND + "SELECT count(*) FROM found")
SEARCH = text(f"""{_FOUND}
    SELECT coalesce(person.id, player.id) AS id, person.username, person.profile_color,
           player.goated_id, player.goated_username
      FROM found
      LEFT JOIN players AS player ON player.id = found.player_id
      LEFT JOIN users AS person ON person.id = found.user_id
     ORDER BY CASE WHEN :name IN (lower(player.goated_username), lower(person.username)) THEN 0
                   WHEN lower(player.goated_username) LIKE :pattern || '%'
                     OR lower(person.username) LIKE :pattern || '%' THEN 1
                   ELSE 2 END,
              lower(coalesce(person.username, player.goated_username)), id
     LIMIT :limit OFFSET :offset
""")


def as_pattern(name: str) -> str:
    """Return a name in lower case, with what LIKE would take for wildcards escaped."""
    return name.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


class Players:
    """People: players, users, and users linked to players. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def player(self, player_id: int) -> RowMapping | None:
        """Return a player by id, with the user linked to him."""
        return await self._one(PLAYER_BY_ID, player_id)

    async def player_by_uid(self, uid: str) -> RowMapping | None:
        """Return a player by the feed's uid, with the user linked to him."""
        return await self._one(PLAYER_BY_UID, uid)

    async def user(self, user_id: int) -> RowMapping | None:
        """Return a user by id, with the player he is linked to."""
        return await self._one(USER_BY_ID, user_id)

    async def history(self, player_id: int, *, since: datetime, most: int) -> Sequence[Row[Any]]:
        """Return up to `most` of a player's readings since an instant, and his state then, oldest first."""
        values = {"player_id": player_id, "since": since, "most": most}
        return (await self._connection.execute(HISTORY, values)).all()

    async def search(self, name: str, *, limit: int, offset: int) -> tuple[int, Sequence[RowMapping]]:
        """Return how many people have a name that contains a text, and a page of them, the closest first."""
        values: dict[str, Any] = {"pattern": as_pattern(name)}
        total = int(await self._connection.scalar(COUNT_FOUND, values) or 0)
        values |= {"name": name.lower(), "limit": limit, "offset": offset}
        return total, (await self._connection.execute(SEARCH, values)).mappings().all()

    async def _one(self, statement: Any, key: int | str) -> RowMapping | None:  # noqa: ANN401 - a text()
        return (await self._connection.execute(statement, {"key": key})).mappings().one_or_none()
