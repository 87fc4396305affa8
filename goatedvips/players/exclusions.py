from datetime import datetime
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Kind = Literal["manual", "staff", "banned", "self_excluded"]

IS_PLAYER = text("SELECT EXISTS (SELECT FROM players WHERE id = :player_id)")
BY_NAME = text("""
    SELECT id FROM players WHERE goated_id = :person OR CAST(id AS text) = :person LIMIT 2
""")
# One that has ended by itself stands in the way of no other.
CLOSE_ENDED = text("""
    UPDATE exclusions SET lifted_at = until, lifted_by = 'time'
     WHERE player_id = :player_id AND lifted_at IS NULL AND until <= :now
""")
ADD = text("""
    INSERT INTO exclusions (player_id, race_id, kind, reason, created_by, created_at, until)
    VALUES (:player_id, :race_id, :kind, :reason, :actor, :now, :until)
    ON CONFLICT (player_id, race_id, kind) WHERE lifted_at IS NULL DO NOTHING
    RETURNING id
""")
LIFT = text("""
    UPDATE exclusions SET lifted_at = :now, lifted_by = :actor, is_void = :is_void
     WHERE player_id = :player_id AND race_id IS NOT DISTINCT FROM :race_id AND kind = :kind
       AND lifted_at IS NULL
    RETURNING id
""")
FROM_ALL = text("""
    SELECT kind, until FROM exclusions
     WHERE player_id = :player_id AND race_id IS NULL AND lifted_at IS NULL
       AND (until IS NULL OR until > :now)
""")
# What the account of whoever is linked to the player asks for.
BY_ACCOUNT = text("""
    SELECT person.role, person.status,
           count(excluded.id) > 0 AS is_excluded, bool_or(excluded.until IS NULL) AS for_good,
           max(excluded.until) AS excluded_until
      FROM users AS person
      LEFT JOIN self_exclusions AS excluded
        ON excluded.user_id = person.id AND (excluded.until IS NULL OR excluded.until > :now)
     WHERE person.player_id = :player_id
     GROUP BY person.id
""")


class Exclusions:
    """Who takes no place, in one race or in all. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def is_player(self, player_id: int) -> bool:
        """Say whether there is such a player."""
        return bool(await self._connection.scalar(IS_PLAYER, {"player_id": player_id}))

    async def player(self, person: str) -> int | None:
        """Return the id of the player with this id or uid; ids have never as many digits as uids."""
        found = (await self._connection.execute(BY_NAME, {"person": person})).scalars().all()
        return int(found[0]) if len(found) == 1 else None

    async def add(
        self,
        player_id: int,
        race_id: int | None,
        *,
        reason: str,
        actor: str,
        now: datetime,
        kind: Kind = "manual",
        until: datetime | None = None,
    ) -> bool:
        """Exclude a player from a race, or from all for None; return False if he is, in this way."""
        await self._connection.execute(CLOSE_ENDED, {"player_id": player_id, "now": now})
        whom = {"player_id": player_id, "race_id": race_id, "kind": kind}
        values = {**whom, "reason": reason, "actor": actor, "now": now, "until": until}
        return await self._connection.scalar(ADD, values) is not None

    async def lift(
        self,
        player_id: int,
        race_id: int | None,
        *,
        actor: str,
        now: datetime,
        kind: Kind = "manual",
        is_void: bool = False,
    ) -> bool:
        """Lift a player's exclusion from a race, or from all for None; return False if there is none.

        From all races he stays out of those that it touched, unless it `is_void`: it should never have been.
        """
        values = {"player_id": player_id, "race_id": race_id, "kind": kind}
        given = {**values, "actor": actor, "now": now, "is_void": is_void}
        return await self._connection.scalar(LIFT, given) is not None

    async def from_all(self, player_id: int, *, now: datetime) -> dict[Kind, datetime | None]:
        """Return in which ways a player is excluded from all races, each with its end."""
        rows = await self._connection.execute(FROM_ALL, {"player_id": player_id, "now": now})
        return {row.kind: row.until for row in rows}

    async def by_account(self, player_id: int, *, now: datetime) -> dict[str, Any] | None:
        """Return the role, status and self-exclusion of the account that is linked to a player, if one is."""
        values = {"player_id": player_id, "now": now}
        row = (await self._connection.execute(BY_ACCOUNT, values)).mappings().one_or_none()
        return None if row is None else dict(row)
