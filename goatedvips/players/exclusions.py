from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

IS_PLAYER = text("SELECT EXISTS (SELECT FROM players WHERE id = :player_id)")
BY_NAME = text("""
    SELECT id FROM players WHERE goated_id = :person OR CAST(id AS text) = :person LIMIT 2
""")
ADD = text("""
    INSERT INTO exclusions (player_id, race_id, kind, reason, created_by, created_at)
    VALUES (:player_id, :race_id, 'manual', :reason, :actor, :now)
    ON CONFLICT (player_id, race_id) WHERE lifted_at IS NULL DO NOTHING
    RETURNING id
""")
LIFT = text("""
    UPDATE exclusions SET lifted_at = :now, lifted_by = :actor
     WHERE player_id = :player_id AND race_id = :race_id AND lifted_at IS NULL
    RETURNING id
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

    async def add(self, player_id: int, race_id: int, *, reason: str, actor: str, now: datetime) -> bool:
        """Exclude a player from a race; return False if he is."""
        values = {
            "player_id": player_id,
            "race_id": race_id,
            "reason": reason,
            "actor": actor,
            "now": now,
        }
        return await self._connection.scalar(ADD, values) is not None

    async def lift(self, player_id: int, race_id: int, *, actor: str, now: datetime) -> bool:
        """Lift a player's exclusion from a race; return False if there is none."""
        values = {"player_id": player_id, "race_id": race_id, "actor": actor, "now": now}
        return await self._connection.scalar(LIFT, values) is not None
