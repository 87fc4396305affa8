"""What shows how a race stood at a moment, and why somebody stands where he does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.bulk import read_bigints

# Exclusions are never edited, only lifted: two counts tell every state of them apart.
EXCLUSIONS_STATE = text("""
    SELECT count(*) FILTER (WHERE created_at <= :moment), count(*) FILTER (WHERE lifted_at <= :moment)
      FROM exclusions WHERE race_id = :race_id OR race_id IS NULL
""")

# As the race's own query has it, but by the exclusions that stood then.
ENTRANTS_THEN = sql.SQL("""
    SELECT entrant.player_id, entrant.baseline,
           EXISTS (SELECT FROM exclusions AS kept_out
                    WHERE kept_out.player_id = entrant.player_id
                      AND kept_out.created_at <= %(moment)s
                      AND (kept_out.race_id = race.id AND coalesce(kept_out.lifted_at > %(moment)s, true)
                           OR kept_out.race_id IS NULL AND kept_out.created_at < race.end_date
                              AND NOT (kept_out.is_void AND kept_out.lifted_at <= %(moment)s)
                              AND coalesce(kept_out.until > race.start_date, true)
                              AND coalesce(kept_out.lifted_at > least(race.start_date, %(moment)s), true))
                 )::int::bigint
      FROM wager_race_participants AS entrant
      JOIN wager_races AS race ON race.id = entrant.race_id
     WHERE entrant.race_id = %(race_id)s AND entrant.joined_run_id <= %(run_id)s
     ORDER BY entrant.player_id
""")

RUNS = text("""
    SELECT id, as_of, end_time, report_sha256 FROM sync_logs WHERE id = ANY(CAST(:run_ids AS bigint[]))
""")

PLAYER = text("""
    SELECT player.goated_id, player.is_late, player.first_run_id,
           EXISTS (SELECT FROM exclusions AS kept_out
                    WHERE kept_out.player_id = player.id
                      AND (kept_out.race_id = race.id AND kept_out.lifted_at IS NULL
                           OR kept_out.race_id IS NULL AND NOT kept_out.is_void
                              AND kept_out.created_at < race.end_date
                              AND least(kept_out.lifted_at, kept_out.until, 'infinity') > race.start_date)
                 ) AS excluded
      FROM players AS player
      JOIN wager_races AS race ON race.id = :race_id
     WHERE player.id = :player_id
""")

FALLS = text("""
    SELECT count(*), max(as_of)
      FROM (SELECT as_of, all_time,
                   lag(all_time, 1, CAST(:baseline AS bigint)) OVER (ORDER BY as_of) AS before
              FROM wager_readings
             WHERE player_id = :player_id AND as_of > :start_as_of AND as_of <= :end_as_of) AS told
     WHERE all_time < before
""")

RENAMED = text("""
    SELECT EXISTS (SELECT FROM player_names AS named
                     JOIN players AS player ON player.id = named.player_id
                    WHERE named.player_id = :player_id AND named.run_id <= :end_run_id
                      AND named.run_id > greatest(:start_run_id, player.first_run_id))
""")

REPORT = text("SELECT body FROM feed_reports WHERE sha256 = :sha256")


@dataclass(frozen=True, slots=True)
class Span:
    """From the run that starts a race to the one that ends it, or to the newest."""

    start_run_id: int
    start_as_of: datetime
    end_run_id: int
    end_as_of: datetime


class Evidence:
    """What is kept of a race and its reports, beside the standings. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def exclusions_state(self, race_id: int, moment: datetime) -> tuple[int, int]:
        """Return two numbers that tell apart who was excluded from a race at different moments."""
        values = {"race_id": race_id, "moment": moment}
        made, lifted = (await self._connection.execute(EXCLUSIONS_STATE, values)).one()
        return made, lifted

    async def entrants_then(self, race_id: int, *, run_id: int, moment: datetime) -> NDArray[np.int64]:
        """Return who had joined by a run, by player id: player, baseline, 1 if excluded at that moment."""
        values = {"race_id": race_id, "run_id": run_id, "moment": moment}
        return await read_bigints(self._connection, ENTRANTS_THEN, values, columns=3)

    async def runs(self, run_ids: set[int]) -> dict[int, RowMapping]:
        """Return runs by id: as_of, end_time, report_sha256."""
        found = await self._connection.execute(RUNS, {"run_ids": sorted(run_ids)})
        return {run["id"]: run for run in found.mappings()}

    async def player(self, player_id: int, *, race_id: int) -> RowMapping:
        """Return what counts of a player who is known, and whether he is excluded from a race."""
        values = {"player_id": player_id, "race_id": race_id}
        return (await self._connection.execute(PLAYER, values)).mappings().one()

    async def falls(self, player_id: int, span: Span, *, baseline: int) -> tuple[int, datetime | None]:
        """Return how often a player's total fell after the start boundary, and when it last did."""
        values: dict[str, Any] = {
            "player_id": player_id,
            "baseline": baseline,
            "start_as_of": span.start_as_of,
            "end_as_of": span.end_as_of,
        }
        count, last = (await self._connection.execute(FALLS, values)).one()
        return count, last

    async def renamed(self, player_id: int, span: Span) -> bool:
        """Tell whether a player's name changed after the start boundary."""
        values = {
            "player_id": player_id,
            "start_run_id": span.start_run_id,
            "end_run_id": span.end_run_id,
        }
        return bool(await self._connection.scalar(RENAMED, values))

    async def report(self, sha256: bytes) -> bytes | None:
        """Return a kept report, compressed; None if it was let go."""
        body: bytes | None = await self._connection.scalar(REPORT, {"sha256": sha256})
        return body
