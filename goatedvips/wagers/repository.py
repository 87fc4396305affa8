from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.partitions import make_room
from goatedvips.wagers.diff import Amounts, Holding, Move, Newcomer, Rename

HOLDINGS = text("""
    SELECT player.goated_id, player.id,
           CASE WHEN player.erased_at IS NULL THEN player.goated_username END,
           total.today, total.this_week, total.this_month, total.all_time
      FROM players AS player
      JOIN wager_totals AS total ON total.player_id = player.id
     WHERE player.goated_id = ANY(CAST(:uids AS text[]))
""")

# The given order decides the ids, so that a report makes the same players on every machine.
ADD_PLAYERS = text("""
    INSERT INTO players (goated_id, goated_username, first_run_id, created_at, is_late)
    SELECT now.goated_id, now.goated_username, :run_id, :as_of, now.is_late
      FROM unnest(CAST(:uids AS text[]), CAST(:names AS text[]), CAST(:late AS boolean[]))
           WITH ORDINALITY AS now(goated_id, goated_username, is_late, place)
     ORDER BY now.place
    RETURNING id, goated_id
""")

ADD_NAMES = text("""
    INSERT INTO player_names (player_id, run_id, goated_username)
    SELECT now.player_id, :run_id, now.goated_username
      FROM unnest(CAST(:players AS bigint[]), CAST(:names AS text[])) AS now(player_id, goated_username)
""")

RENAME_PLAYERS = text("""
    UPDATE players AS held
       SET goated_username = now.goated_username
      FROM unnest(CAST(:players AS bigint[]), CAST(:names AS text[])) AS now(player_id, goated_username)
     WHERE held.id = now.player_id
""")

_AMOUNTS = """
      FROM unnest(CAST(:players AS bigint[]), CAST(:today AS bigint[]), CAST(:this_week AS bigint[]),
                  CAST(:this_month AS bigint[]), CAST(:all_time AS bigint[]))
           AS now(player_id, today, this_week, this_month, all_time)
"""

ADD_TOTALS = text(f"""
    INSERT INTO wager_totals (player_id, today, this_week, this_month, all_time,
                              today_run, this_week_run, this_month_run, all_time_run)
    SELECT now.player_id, now.today, now.this_week, now.this_month, now.all_time,
           :run_id, :run_id, :run_id, :run_id
    {_AMOUNTS}
""")

# A window's run moves only with its amount: it says who reached the amount first.
UPDATE_TOTALS = text(f"""
    UPDATE wager_totals AS held
       SET today = now.today, this_week = now.this_week,
           this_month = now.this_month, all_time = now.all_time,
           today_run = CASE WHEN held.today = now.today THEN held.today_run ELSE :run_id END,
           this_week_run = CASE WHEN held.this_week = now.this_week THEN held.this_week_run ELSE :run_id END,
           this_month_run =
               CASE WHEN held.this_month = now.this_month THEN held.this_month_run ELSE :run_id END,
           all_time_run = CASE WHEN held.all_time = now.all_time THEN held.all_time_run ELSE :run_id END
    {_AMOUNTS}
     WHERE held.player_id = now.player_id
""")

ADD_READINGS = text(f"""
    INSERT INTO wager_readings (player_id, as_of, run_id, today, this_week, this_month, all_time)
    SELECT now.player_id, :as_of, :run_id, now.today, now.this_week, now.this_month, now.all_time
    {_AMOUNTS}
""")


class Wagers:
    """Players with their amounts and readings, in sets. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def holdings(self, uids: list[str]) -> dict[str, Holding]:
        """Return what is held of the players with these uids, by uid."""
        rows = await self._connection.execute(HOLDINGS, {"uids": uids})
        return {row[0]: Holding(row[1], row[2], Amounts(*row[3:])) for row in rows}

    async def add_players(
        self, newcomers: list[Newcomer], *, late: Collection[str], run_id: int, as_of: datetime
    ) -> list[int]:
        """Add players with their first name, amounts and reading; return their ids in the given order."""
        if not newcomers:
            return []
        uids, names = [new.uid for new in newcomers], [new.name for new in newcomers]
        rows = await self._connection.execute(
            ADD_PLAYERS,
            {
                "uids": uids,
                "names": names,
                "late": [uid in late for uid in uids],
                "run_id": run_id,
                "as_of": as_of,
            },
        )
        id_of = {uid: player_id for player_id, uid in rows}
        ids = [id_of[uid] for uid in uids]
        await self._connection.execute(ADD_NAMES, {"players": ids, "names": names, "run_id": run_id})
        columns = _columns(ids, [new.amounts for new in newcomers])
        await self._connection.execute(ADD_TOTALS, columns | {"run_id": run_id})
        await self._connection.execute(ADD_READINGS, columns | {"run_id": run_id, "as_of": as_of})
        return ids

    async def move(self, moves: list[Move], *, run_id: int, as_of: datetime) -> None:
        """Set new amounts and keep the readings that brought them."""
        if not moves:
            return
        columns = _columns([move.player_id for move in moves], [move.now for move in moves])
        await self._connection.execute(UPDATE_TOTALS, columns | {"run_id": run_id})
        await self._connection.execute(ADD_READINGS, columns | {"run_id": run_id, "as_of": as_of})

    async def rename(self, renames: list[Rename], *, run_id: int) -> None:
        """Set new names and keep them in the history of names."""
        if not renames:
            return
        columns = {
            "players": [rename.player_id for rename in renames],
            "names": [rename.name for rename in renames],
        }
        await self._connection.execute(RENAME_PLAYERS, columns)
        await self._connection.execute(ADD_NAMES, columns | {"run_id": run_id})

    async def make_room(self, as_of: datetime) -> None:
        """Make sure that there is a partition for readings of this instant's month (UTC)."""
        await make_room(self._connection, "wager_readings", as_of)


def _columns(ids: list[int], amounts: list[Amounts]) -> dict[str, object]:
    today, this_week, this_month, all_time = zip(*amounts, strict=True)
    return {
        "players": ids,
        "today": list(today),
        "this_week": list(this_week),
        "this_month": list(this_month),
        "all_time": list(all_time),
    }
