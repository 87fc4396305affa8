from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Which exclusions count is said in races.repository: those of this race that stand, and those from all races
# that held at any moment of it. Who lost an award after the settlement is out by that.
WHY = text("""
    SELECT kept_out.player_id, kept_out.kind, kept_out.reason, kept_out.created_by AS actor,
           kept_out.created_at AS at, kept_out.until, kept_out.race_id IS NULL AS from_all_races
      FROM exclusions AS kept_out
      JOIN wager_races AS race ON race.id = :race_id
     WHERE kept_out.player_id = ANY(CAST(:players AS bigint[]))
       AND (kept_out.race_id = race.id AND kept_out.lifted_at IS NULL
            OR kept_out.race_id IS NULL AND NOT kept_out.is_void AND kept_out.created_at < race.end_date
               AND least(kept_out.lifted_at, kept_out.until, 'infinity') > race.start_date)
     UNION ALL
    SELECT player_id, 'award_rejected', reason, rejected_by, rejected_at, NULL, false
      FROM race_awards
     WHERE race_id = :race_id AND status = 'rejected' AND player_id = ANY(CAST(:players AS bigint[]))
     ORDER BY at
""")

BY_THE_RACE = text("""
    SELECT player.id, player.goated_id AS uid, player.goated_username AS username
      FROM exclusions AS kept_out
      JOIN players AS player ON player.id = kept_out.player_id
     WHERE kept_out.race_id = :race_id AND kept_out.lifted_at IS NULL
     ORDER BY kept_out.created_at DESC LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class Why:
    """Why somebody takes no place, who decided it, and until when."""

    player_id: int
    kind: str
    reason: str
    actor: str
    at: datetime
    until: datetime | None
    from_all_races: bool


class KeptOut:
    """Who is kept out of a race, and why. Only reads."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def why(self, race_id: int, players: Collection[int]) -> list[Why]:
        """Return what keeps any of these players out of a race, oldest first."""
        values = {"race_id": race_id, "players": list(players)}
        return [Why(*row) for row in await self._connection.execute(WHY, values)]

    async def by_the_race(self, race_id: int, *, limit: int) -> list[dict[str, Any]]:
        """Return whom the race itself keeps out, whether or not they take part: id, uid, name."""
        rows = await self._connection.execute(BY_THE_RACE, {"race_id": race_id, "limit": limit})
        return [dict(row) for row in rows.mappings()]
