from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

LIST_VERSION = text("SELECT coalesce(sum(version), 0) FROM wager_races")

_OF_KIND = """
      FROM wager_races AS race
     WHERE (CAST(:status AS text) IS NULL OR status = :status)
       AND (CAST(:type AS text) IS NULL OR type = :type)
       AND (CAST(:search AS text) IS NULL
            OR strpos(lower(name), lower(:search)) > 0
            OR EXISTS (SELECT FROM race_standings AS standing
                        WHERE standing.race_id = race.id AND standing.version = race.result_version
                          AND standing.position = 1
                          AND strpos(lower(standing.username), lower(:search)) > 0
                          AND NOT standing.player_id = ANY(CAST(:nameless AS bigint[]))))
"""
COUNT = text(f"SELECT count(*) {_OF_KIND}")
LIST = text(f"SELECT * {_OF_KIND} ORDER BY start_date DESC, id DESC LIMIT :limit OFFSET :offset")

WINNERS = text("""
    SELECT race.id AS race_id, standing.player_id, player.goated_id, standing.username, standing.prize,
           standing.total - standing.baseline AS wagered
      FROM race_standings AS standing
      JOIN wager_races AS race ON race.id = standing.race_id AND race.result_version = standing.version
      JOIN players AS player ON player.id = standing.player_id
     WHERE standing.position = 1 AND race.id = ANY(CAST(:races AS bigint[]))
     ORDER BY standing.player_id
""")

CURRENT = text("""
    SELECT id FROM wager_races
     WHERE type = :type AND start_date <= :now AND end_date > :now AND status IN ('scheduled', 'live')
     ORDER BY start_date DESC, id DESC LIMIT 1
""")

PREVIOUS = text("""
    SELECT id FROM wager_races
     WHERE type = :type AND end_date <= :now AND status IN ('live', 'completed')
     ORDER BY end_date DESC, id DESC LIMIT 1
""")


class Catalogue:
    """Which races there are. Only reads."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list_version(self) -> int:
        """Return a number that rises with every change of any race."""
        return int(await self._connection.scalar(LIST_VERSION) or 0)

    async def page(
        self,
        *,
        status: str | None,
        race_type: str | None,
        limit: int,
        offset: int,
        search: str | None = None,
        nameless: Collection[int] = (),
    ) -> tuple[int, Sequence[RowMapping]]:
        """Return how many races there are of this kind, and a page of them, newest first.

        A text is searched in the names of races and of winners, but for the players who are `nameless`.
        """
        kind = {"status": status, "type": race_type, "search": search, "nameless": list(nameless)}
        total = int(await self._connection.scalar(COUNT, kind) or 0)
        rows = await self._connection.execute(LIST, kind | {"limit": limit, "offset": offset})
        return total, rows.mappings().all()

    async def winners(self, races: Collection[int]) -> Sequence[RowMapping]:
        """Return who came first in those of these races that are settled."""
        return (await self._connection.execute(WINNERS, {"races": list(races)})).mappings().all()

    async def current(self, race_type: str, now: datetime) -> int | None:
        """Return the id of the race of a type that goes on now."""
        race_id: int | None = await self._connection.scalar(CURRENT, {"type": race_type, "now": now})
        return race_id

    async def previous(self, race_type: str, now: datetime) -> int | None:
        """Return the id of the race of a type that ended last."""
        race_id: int | None = await self._connection.scalar(PREVIOUS, {"type": race_type, "now": now})
        return race_id
