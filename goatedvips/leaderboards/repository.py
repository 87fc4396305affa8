from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.leaderboards.faces import Face
from goatedvips.players.tiers import TIERS

_ROWS = """
    SELECT player.id, player.goated_id, player.goated_username,
           total.today, total.this_week, total.this_month, total.all_time,
           total.today_run, total.this_week_run, total.this_month_run, total.all_time_run
      FROM players AS player
      JOIN wager_totals AS total ON total.player_id = player.id
"""

ALL = text(f"{_ROWS} ORDER BY player.id")

# The readings' months are partitions: the bound on as_of leaves the older ones untouched.
_SINCE = """
    SELECT player_id FROM wager_readings WHERE run_id > :after AND as_of > :after_as_of
     UNION
    SELECT player_id FROM player_names WHERE run_id > :after
"""
CHANGED = text(f"{_ROWS} WHERE player.id IN ({_SINCE}) ORDER BY player.id")

NEWEST = text("""
    SELECT id, as_of, end_time, metadata FROM sync_logs
     WHERE status = 'completed' ORDER BY id DESC LIMIT 1
""")

RUN = text("SELECT id, as_of, end_time, metadata FROM sync_logs WHERE id = :run_id")

RUN_TIMES = text("""
    SELECT id, floor(extract(epoch FROM as_of) * 1000)::bigint FROM sync_logs
     WHERE status = 'completed' AND id > :after ORDER BY id
""")

FACE_REVISION = text("SELECT value FROM face_revision")
# Accounts that are linked, players who were erased, and those who are kept off by a ban or by themselves.
FACES = text("""
    SELECT player.id, person.id AS user_id, person.profile_color,
           CASE WHEN player.erased_at IS NOT NULL THEN 'erased'
                ELSE coalesce(person.privacy, 'public') END AS shown,
           off.player_id IS NOT NULL AS is_off
      FROM players AS player
      LEFT JOIN users AS person ON person.player_id = player.id
      LEFT JOIN (SELECT DISTINCT player_id FROM exclusions
                  WHERE race_id IS NULL AND kind IN ('banned', 'self_excluded') AND lifted_at IS NULL
                    AND (until IS NULL OR until > now())) AS off ON off.player_id = player.id
     WHERE player.id IN (SELECT player_id FROM users WHERE player_id IS NOT NULL
                          UNION ALL SELECT id FROM players WHERE erased_at IS NOT NULL
                          UNION ALL SELECT player_id FROM exclusions WHERE race_id IS NULL)
""")
KEPT_TIERS = text("""
    SELECT reached.player_id, max(reached.tier) AS tier
      FROM tier_changes AS reached
      JOIN wager_totals AS total ON total.player_id = reached.player_id
     WHERE total.all_time < (CAST(:thresholds AS bigint[]))[reached.tier + 1]
     GROUP BY reached.player_id
""")

# Escaped here rather than by the caller: what people type is text, not a pattern.
MATCHING = text(r"""
    SELECT id FROM players
     WHERE lower(goated_username) LIKE '%' || regexp_replace(lower(:name), '([\\%_])', '\\\1', 'g') || '%'
        OR goated_id = :name
""")

# The names of then of those who were called otherwise at some later time.
NAMES_THEN = text("""
    SELECT DISTINCT ON (player_id) player_id, goated_username FROM player_names
     WHERE run_id <= :run_id
       AND player_id IN (SELECT player_id FROM player_names WHERE run_id > :run_id)
     ORDER BY player_id, run_id DESC
""")

MATCHING_THEN = text(r"""
    SELECT named.player_id FROM player_names AS named
     WHERE named.run_id <= :run_id
       AND lower(named.goated_username)
           LIKE '%' || regexp_replace(lower(:name), '([\\%_])', '\\\1', 'g') || '%'
       AND NOT EXISTS (SELECT FROM player_names AS later
                        WHERE later.player_id = named.player_id
                          AND later.run_id > named.run_id AND later.run_id <= :run_id)
     UNION
    SELECT id FROM players WHERE goated_id = :name
""")

_CHUNK = 20_000


class BoardRows:
    """What boards are made of. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def newest_run(self) -> RowMapping | None:
        """Return the newest run that was applied."""
        return (await self._connection.execute(NEWEST)).mappings().one_or_none()

    async def run(self, run_id: int) -> RowMapping:
        """Return one run."""
        return (await self._connection.execute(RUN, {"run_id": run_id})).mappings().one()

    async def run_times(self, after: int) -> Sequence[Row[Any]]:
        """Return the runs applied after one, each with its milliseconds since 1970."""
        return (await self._connection.execute(RUN_TIMES, {"after": after})).all()

    async def all(self) -> AsyncIterator[Sequence[Row[Any]]]:
        """Yield every player with his amounts, in chunks, by id."""
        result = await self._connection.stream(ALL, execution_options={"yield_per": _CHUNK})
        async for chunk in result.partitions(_CHUNK):
            yield chunk

    async def changed(self, after: int, after_as_of: object) -> Sequence[Row[Any]]:
        """Return the players whom the runs after one changed, by id."""
        values = {"after": after, "after_as_of": after_as_of}
        return (await self._connection.execute(CHANGED, values)).all()

    async def faces(self) -> tuple[int, dict[int, Face]]:
        """Return the players of whom something is special, by id, and the revision of all faces.

        The connection acts as the program: who is banned is nobody else's to see.
        """
        revision = int(await self._connection.scalar(FACE_REVISION) or 0)
        faces = {row[0]: Face(*row[1:]) for row in await self._connection.execute(FACES)}
        thresholds = {"thresholds": [tier.min_units for tier in TIERS]}
        for player_id, tier in await self._connection.execute(KEPT_TIERS, thresholds):
            faces[player_id] = replace(faces.get(player_id, Face()), kept_tier=tier)
        return revision, faces

    async def matching(self, name: str) -> Sequence[int]:
        """Return the ids of the players whose name contains a text, or whose uid it is."""
        return (await self._connection.execute(MATCHING, {"name": name})).scalars().all()

    async def names_then(self, run_id: int) -> dict[int, str]:
        """Return what players were called by a run, of those whom a later one called otherwise."""
        rows = await self._connection.execute(NAMES_THEN, {"run_id": run_id})
        return {row.player_id: row.goated_username for row in rows}

    async def matching_then(self, name: str, run_id: int) -> Sequence[int]:
        """Return the ids of the players whose name by a run contains a text, or whose uid it is."""
        values = {"name": name, "run_id": run_id}
        return (await self._connection.execute(MATCHING_THEN, values)).scalars().all()
