from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import RowMapping, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.bulk import read_bigints
from goatedvips.races.rules.lifecycle import sources
from goatedvips.wagers.service import Baseline

# Whoever makes room for a new month's readings holds these before the races: the same order here.
LOCKS = (
    text("LOCK TABLE wager_readings IN ACCESS SHARE MODE"),
    text("LOCK TABLE wager_races IN SHARE ROW EXCLUSIVE MODE"),
)

SERIES = text("""
    SELECT series.*, newest.start_date AS newest_start, newest.end_date AS newest_end
      FROM race_series AS series
      LEFT JOIN LATERAL (
           SELECT race.start_date, race.end_date FROM wager_races AS race
            WHERE race.series_id = series.id ORDER BY race.start_date DESC LIMIT 1
      ) AS newest ON true
     WHERE series.enabled
     ORDER BY series.id
""")

ANY_SERIES = text("SELECT EXISTS (SELECT FROM race_series)")

ADD_SERIES = text("""
    INSERT INTO race_series (name, type, timezone, prize_pool, prizes)
    VALUES (:name, :type, :timezone, :prize_pool, :prizes)
    RETURNING id
""").bindparams(bindparam("prizes", type_=JSONB))

ADD_RACE = text("""
    INSERT INTO wager_races (series_id, name, type, start_date, end_date, prize_pool, prizes,
                             tie_policy, reject_policy, min_wager, timezone, metadata)
    VALUES (:series_id, :name, :type, :start_date, :end_date, :prize_pool, :prizes,
            :tie_policy, :reject_policy, :min_wager, :timezone, :metadata)
    ON CONFLICT (series_id, start_date) DO NOTHING
    RETURNING id
""").bindparams(bindparam("prizes", type_=JSONB), bindparam("metadata", type_=JSONB))

START_DUE = text("""
    UPDATE wager_races
       SET status = 'live', version = version + 1, updated_at = :now
     WHERE status = ANY(:sources) AND start_date <= :now
    RETURNING *
""")

CANCEL = text("""
    UPDATE wager_races
       SET status = 'cancelled', version = version + 1, updated_at = :now,
           metadata = metadata || jsonb_build_object(
               'cancelReason', CAST(:reason AS text),
               'cancelRunId', (SELECT coalesce(max(id), 0) FROM sync_logs))
     WHERE id = :id AND status = ANY(:sources)
    RETURNING id
""")

TOUCH = text("""
    UPDATE wager_races SET version = version + 1, updated_at = :now WHERE id = :id RETURNING status
""")

# By rising id, as everybody locks them.
TOUCH_THOSE_OF = text("""
    WITH open AS MATERIALIZED (
        SELECT race.id FROM wager_races AS race
          JOIN wager_race_participants AS entrant ON entrant.race_id = race.id
         WHERE entrant.player_id = :player_id AND race.status = 'live'
         ORDER BY race.id FOR NO KEY UPDATE OF race
    )
    UPDATE wager_races AS race SET version = version + 1, updated_at = :now
      FROM open WHERE race.id = open.id
    RETURNING race.id
""")

# Whoever already has a row keeps it: it holds the first total after the start boundary.
JOIN = text("""
    INSERT INTO wager_race_participants (race_id, player_id, baseline, joined_run_id, joined_at)
    SELECT race.id, now.player_id, now.baseline, :run_id, :as_of
      FROM wager_races AS race
     CROSS JOIN unnest(CAST(:players AS bigint[]), CAST(:baselines AS bigint[]))
           AS now(player_id, baseline)
     WHERE race.status = 'live' AND race.start_run_id < :run_id AND race.end_run_id IS NULL
    ON CONFLICT (race_id, player_id) DO NOTHING
""")

# For races whose start boundary was passed before they were made: everybody who moved since, with the
# last reading up to the boundary, or 0 for those who were not there (late ones: their first reading).
JOIN_SINCE = text("""
    INSERT INTO wager_race_participants (race_id, player_id, baseline, joined_run_id, joined_at)
    SELECT race.id, moved.player_id,
           coalesce(earlier.all_time, CASE WHEN player.is_late THEN moved.all_time ELSE 0 END),
           moved.run_id, moved.as_of
      FROM wager_races AS race
      JOIN sync_logs AS start ON start.id = race.start_run_id
     CROSS JOIN LATERAL (
           SELECT DISTINCT ON (player_id) player_id, run_id, as_of, all_time FROM wager_readings
            WHERE run_id > start.id AND as_of >= start.as_of ORDER BY player_id, as_of
      ) AS moved
      JOIN players AS player ON player.id = moved.player_id
      LEFT JOIN LATERAL (
           SELECT all_time FROM wager_readings
            WHERE player_id = moved.player_id AND as_of <= start.as_of ORDER BY as_of DESC LIMIT 1
      ) AS earlier ON true
     WHERE race.id = ANY(CAST(:races AS bigint[]))
    ON CONFLICT (race_id, player_id) DO NOTHING
""")

FIX_STARTS = text("""
    UPDATE wager_races SET start_run_id = :run_id, version = version + 1, updated_at = :now
     WHERE status = 'live' AND start_run_id IS NULL AND start_date <= :as_of
    RETURNING id
""")

FIX_PAST_STARTS = text("""
    UPDATE wager_races AS race
       SET start_run_id = (SELECT min(id) FROM sync_logs
                            WHERE status = 'completed' AND as_of >= race.start_date),
           version = version + 1, updated_at = :now
     WHERE status = 'live' AND start_run_id IS NULL
       AND EXISTS (SELECT FROM sync_logs WHERE status = 'completed' AND as_of >= race.start_date)
    RETURNING id, start_run_id
""")

FIX_ENDS = text("""
    UPDATE wager_races SET end_run_id = :run_id, version = version + 1, updated_at = :now
     WHERE status = 'live' AND start_run_id IS NOT NULL AND end_run_id IS NULL AND end_date <= :as_of
    RETURNING id
""")

NEXT_BOUNDARY = text("""
    SELECT min(boundary) FROM (
        SELECT start_date AS boundary FROM wager_races WHERE status = 'scheduled'
        UNION ALL
        SELECT end_date FROM wager_races WHERE status = 'live' AND end_date > :after
    ) AS coming
     WHERE boundary > :after
""")

AWAITED = text("""
    SELECT EXISTS (SELECT FROM wager_races WHERE status = 'live'
                      AND (start_run_id IS NULL OR (end_run_id IS NULL AND end_date <= :now)))
""")

RACE = """
    SELECT race.*,
           start_run.as_of AS start_as_of, encode(start_run.report_sha256, 'hex') AS start_sha256,
           end_run.as_of AS end_as_of, encode(end_run.report_sha256, 'hex') AS end_sha256,
           end_run.end_time AS end_stored_at,
           (SELECT min(coming.start_date) FROM wager_races AS coming
             WHERE coming.series_id = race.series_id AND coming.start_date > race.start_date
               AND coming.status <> 'cancelled'
           ) AS next_start_date,
           (SELECT encode(proof.sha256, 'hex') FROM race_proofs AS proof
             WHERE proof.race_id = race.id AND proof.version = race.result_version) AS proof_sha256
      FROM wager_races AS race
      LEFT JOIN sync_logs AS start_run ON start_run.id = race.start_run_id
      LEFT JOIN sync_logs AS end_run ON end_run.id = race.end_run_id
"""

RUNNING = text(f"{RACE} WHERE race.status = 'live' AND race.end_run_id IS NULL ORDER BY race.id")
BY_ID = text(f"{RACE} WHERE race.id = :id")

# Who is excluded from the race, or was from all races at any moment of it, takes no place: no clock is asked,
# so it is so for everybody.
ENTRANTS = sql.SQL("""
    SELECT entrant.player_id, entrant.baseline,
           EXISTS (SELECT FROM exclusions AS kept_out
                    WHERE kept_out.player_id = entrant.player_id
                      AND (kept_out.race_id = race.id AND kept_out.lifted_at IS NULL
                           OR kept_out.race_id IS NULL AND NOT kept_out.is_void
                              AND kept_out.created_at < race.end_date
                              AND least(kept_out.lifted_at, kept_out.until, 'infinity') > race.start_date)
                 )::int::bigint
      FROM wager_race_participants AS entrant
      JOIN wager_races AS race ON race.id = entrant.race_id
     WHERE entrant.race_id = %s AND entrant.joined_run_id > %s
     ORDER BY entrant.player_id
""")


@dataclass(frozen=True, slots=True)
class Run:
    """The run whose report moves the races on."""

    id: int
    as_of: datetime


class Races:
    """Races and who takes part, in sets. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hold_still(self) -> None:
        """Let nobody else move races before the transaction ends: a race made meanwhile would miss moves."""
        for lock in LOCKS:
            await self._connection.execute(lock)

    async def series(self) -> list[dict[str, Any]]:
        """Return every enabled series with the bounds of its newest race."""
        return [dict(row) for row in (await self._connection.execute(SERIES)).mappings()]

    async def any_series(self) -> bool:
        """Say whether there is any series."""
        return bool(await self._connection.scalar(ANY_SERIES))

    async def add_series(self, values: dict[str, Any]) -> int:
        """Add a series; return its id."""
        return int(await self._connection.scalar(ADD_SERIES, values) or 0)

    async def add(self, values: dict[str, Any]) -> int | None:
        """Add a race; return its id, or None if its series has one with this start."""
        race_id: int | None = await self._connection.scalar(ADD_RACE, values)
        return race_id

    async def start_due(self, now: datetime) -> list[dict[str, Any]]:
        """Make every scheduled race live whose start has come; return them."""
        values = {"sources": sources("live"), "now": now}
        return [dict(row) for row in (await self._connection.execute(START_DUE, values)).mappings()]

    async def cancel(self, race_id: int, *, reason: str, now: datetime) -> bool:
        """Cancel a scheduled or live race; return whether there was one."""
        values = {"sources": sources("cancelled"), "id": race_id, "reason": reason, "now": now}
        return bool(await self._ids(CANCEL, values))

    async def touch(self, race_id: int, *, now: datetime) -> str | None:
        """Raise a race's version; return its status, or None if there is no such race."""
        status: str | None = await self._connection.scalar(TOUCH, {"id": race_id, "now": now})
        return status

    async def touch_those_of(self, player_id: int, *, now: datetime) -> list[int]:
        """Raise the version of the live races in which a player takes part; return their ids."""
        return await self._ids(TOUCH_THOSE_OF, {"player_id": player_id, "now": now})

    async def join(self, baselines: list[Baseline], run: Run) -> None:
        """Give everybody who moved a row in every running race whose start boundary lies before the run."""
        if baselines:
            columns = {
                "players": [baseline.player_id for baseline in baselines],
                "baselines": [baseline.all_time for baseline in baselines],
            }
            values = columns | {"run_id": run.id, "as_of": run.as_of}
            await self._connection.execute(JOIN, values)

    async def fix_starts(self, run: Run, *, now: datetime) -> list[int]:
        """Make the run the start boundary of the live races that lack one; return their ids."""
        return await self._ids(FIX_STARTS, {"run_id": run.id, "as_of": run.as_of, "now": now})

    async def fix_past_starts(self, *, now: datetime) -> dict[int, int]:
        """Give live races whose start boundary has been that run, and who moved since; return the runs."""
        rows = await self._connection.execute(FIX_PAST_STARTS, {"now": now})
        fixed = {row.id: row.start_run_id for row in rows}
        if fixed:
            await self._connection.execute(JOIN_SINCE, {"races": list(fixed)})
        return fixed

    async def fix_ends(self, run: Run, *, now: datetime) -> list[int]:
        """Make the run the end boundary of the races that are over: what later runs bring counts no more."""
        return await self._ids(FIX_ENDS, {"run_id": run.id, "as_of": run.as_of, "now": now})

    async def next_boundary(self, after: datetime) -> datetime | None:
        """Return the next instant at which a race starts or ends."""
        boundary: datetime | None = await self._connection.scalar(NEXT_BOUNDARY, {"after": after})
        return boundary

    async def awaits_run(self, now: datetime) -> bool:
        """Say whether a race waits for its boundary run."""
        return bool(await self._connection.scalar(AWAITED, {"now": now}))

    async def running(self) -> Sequence[RowMapping]:
        """Return the live races whose end boundary is still to come."""
        return (await self._connection.execute(RUNNING)).mappings().all()

    async def by_id(self, race_id: int) -> RowMapping | None:
        """Return one race."""
        return (await self._connection.execute(BY_ID, {"id": race_id})).mappings().one_or_none()

    async def entrants(self, race_id: int, *, after: int = 0) -> NDArray[np.int64]:
        """Return who joined a race after a run, by player id: player, baseline, 1 if excluded."""
        return await read_bigints(self._connection, ENTRANTS, (race_id, after), columns=3)

    async def _ids(self, statement: TextClause, values: dict[str, Any]) -> list[int]:
        return list((await self._connection.execute(statement, values)).scalars())
