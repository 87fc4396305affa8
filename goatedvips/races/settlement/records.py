"""What is kept of a settled race, as a verification reads it: rows by COPY, people in chunks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from psycopg import sql
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.bulk import bigint_array, read_bigints
from goatedvips.races.rules.proof import Columns
from goatedvips.races.settlement.rebuild import NOT_LISTED, AwardKept, Rebuilt, Standings
from goatedvips.races.settlement.repository import Results
from goatedvips.races.views import Column

SETTLED = text("SELECT id FROM wager_races WHERE status = 'completed' ORDER BY id")
VERSIONS = text("""
    SELECT version FROM race_proofs WHERE race_id = :race_id
     UNION SELECT version FROM race_standings WHERE race_id = :race_id
     UNION SELECT generate_series(1, result_version) FROM wager_races WHERE id = :race_id
     ORDER BY version
""")
PROOF = text("SELECT * FROM race_proofs WHERE race_id = :race_id AND version = :version")
PROOF_HASH = text("SELECT sha256 FROM race_proofs WHERE race_id = :race_id AND version = :version")
# Out of line and compressed already: a slice reads only its own part.
PROOF_SLICE = text("""
    SELECT substring(body FROM :first FOR :size) FROM race_proofs
     WHERE race_id = :race_id AND version = :version
""")
# Who does not show his name is not opened to everybody: his commitment stands in the proof all the same.
OPENINGS = text("""
    SELECT standing.player_id,
           CASE WHEN coalesce(person.privacy, 'public') = 'public' AND player.erased_at IS NULL
                THEN standing.salt END AS salt,
           coalesce(player.goated_id, '') AS uid, standing.username
      FROM race_standings AS standing
      LEFT JOIN players AS player ON player.id = standing.player_id
      LEFT JOIN users AS person ON person.player_id = standing.player_id
     WHERE standing.race_id = :race_id AND standing.version = :version AND standing.player_id > :after
     ORDER BY standing.player_id LIMIT :many
""")
FOLLOWED = text("SELECT race_id, version, series_id FROM race_proofs WHERE sha256 = :sha256")
AWARDS = text("SELECT version, player_id, position, amount FROM race_awards WHERE race_id = :race_id")
PEOPLE = text("""
    SELECT player.goated_id, standing.username, standing.commitment, standing.salt
      FROM race_standings AS standing
      LEFT JOIN players AS player ON player.id = standing.player_id
     WHERE standing.race_id = :race_id AND standing.version = :version
     ORDER BY standing.player_id
""")
NAMES = text("""
    SELECT player_id, goated_username FROM player_names WHERE player_id = ANY(CAST(:players AS bigint[]))
     ORDER BY run_id
""")
REPORT = text("SELECT body, size FROM feed_reports WHERE sha256 = decode(:sha256, 'hex')")

FIRST_RUN = text("SELECT min(id) FROM sync_logs WHERE status = 'completed' AND as_of >= :since")
STORED_AT = text("SELECT end_time FROM sync_logs WHERE id = :run_id")
# Whoever is excluded from all races is so at any moment that one lasts, even if that is lifted since.
EXCLUSIONS = text("""
    SELECT player_id, bool_or(race_id IS NOT NULL) AS is_own FROM exclusions
     WHERE race_id = :race_id AND lifted_at IS NULL
        OR race_id IS NULL AND least(lifted_at, until, 'infinity') > :starts_at
     GROUP BY player_id
""")
IS_COMPLETED = text("SELECT EXISTS (SELECT FROM sync_logs WHERE id = :run_id AND status = 'completed')")
ENDED_BEFORE = text("""
    SELECT EXISTS (SELECT FROM wager_races AS race WHERE race.series_id = :series_id
                      AND race.end_date = :start_date AND race.end_run_id = :run_id)
""")

# By the moments: they pick the months, and of completed runs they rise with the ids.
BETWEEN = sql.SQL("""
    WITH reading AS (
        SELECT player_id, run_id, all_time,
               lag(all_time) OVER by_time AS before,
               row_number() OVER by_time = 1 AS is_first,
               lead(run_id) OVER by_time IS NULL AS is_last
          FROM wager_readings
         WHERE as_of > %s AND as_of <= %s
        WINDOW by_time AS (PARTITION BY player_id ORDER BY as_of)
    )
    SELECT player_id,
           max(all_time) FILTER (WHERE is_first), max(run_id) FILTER (WHERE is_first),
           max(all_time) FILTER (WHERE is_last),
           coalesce(max(run_id) FILTER (WHERE before <> all_time), 0)
      FROM reading GROUP BY player_id ORDER BY player_id
""")
BEFORE = sql.SQL("""
    SELECT wanted.player_id, coalesce(last.all_time, %s), coalesce(player.is_late, false)::int::bigint
      FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted(player_id, place)
      LEFT JOIN players AS player ON player.id = wanted.player_id
      LEFT JOIN LATERAL (
           SELECT all_time FROM wager_readings
            WHERE player_id = wanted.player_id AND as_of <= %s ORDER BY as_of DESC LIMIT 1
      ) AS last ON true
     ORDER BY wanted.place
""")
# The first reading after the last one that says something else.
REACHED = sql.SQL("""
    SELECT wanted.player_id, first.run_id
      FROM unnest(%(players)s::bigint[]) AS wanted(player_id)
     CROSS JOIN LATERAL (
           SELECT all_time FROM wager_readings
            WHERE player_id = wanted.player_id AND as_of <= %(end)s ORDER BY as_of DESC LIMIT 1
     ) AS last
      LEFT JOIN LATERAL (
           SELECT as_of FROM wager_readings
            WHERE player_id = wanted.player_id AND as_of <= %(end)s AND all_time <> last.all_time
            ORDER BY as_of DESC LIMIT 1
     ) AS other ON true
     CROSS JOIN LATERAL (
           SELECT run_id FROM wager_readings
            WHERE player_id = wanted.player_id AND as_of <= %(end)s
              AND as_of > coalesce(other.as_of, '-infinity')
            ORDER BY as_of LIMIT 1
     ) AS first
""")

_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A raw report as it is kept: compressed, and how many bytes it had."""

    body: bytes
    size: int


class Records:
    """Results, and what they were made of. Only reads."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def settled(self) -> list[int]:
        """Return the ids of all completed races."""
        return list((await self._connection.execute(SETTLED)).scalars())

    async def versions(self, race_id: int) -> list[int]:
        """Return every version of a result of which there is, or must be, anything."""
        return list((await self._connection.execute(VERSIONS, {"race_id": race_id})).scalars())

    async def proof(self, race_id: int, version: int) -> dict[str, Any] | None:
        """Return a kept proof."""
        values = {"race_id": race_id, "version": version}
        row = (await self._connection.execute(PROOF, values)).mappings().one_or_none()
        return None if row is None else dict(row)

    async def proof_hash(self, race_id: int, version: int) -> bytes | None:
        """Return the hash of a kept proof."""
        values = {"race_id": race_id, "version": version}
        sha256: bytes | None = await self._connection.scalar(PROOF_HASH, values)
        return sha256

    async def proof_slice(self, race_id: int, version: int, *, start: int, size: int) -> bytes:
        """Return so many bytes of a kept proof, compressed as it is, from one on; none after its end."""
        values = {"race_id": race_id, "version": version, "first": start + 1, "size": size}
        return bytes(await self._connection.scalar(PROOF_SLICE, values) or b"")

    async def openings(self, race_id: int, version: int, *, after: int, many: int) -> Sequence[Row[Any]]:
        """Return what opens the next standings after a player: player, salt or None, uid, name."""
        values = {"race_id": race_id, "version": version, "after": after, "many": many}
        return (await self._connection.execute(OPENINGS, values)).all()

    async def proof_of(self, sha256: bytes) -> Row[Any] | None:
        """Return of which race, version and series the proof with a hash is."""
        return (await self._connection.execute(FOLLOWED, {"sha256": sha256})).one_or_none()

    async def awards(self, race_id: int) -> dict[int, dict[int, AwardKept]]:
        """Return a race's awards, by version and player."""
        found: dict[int, dict[int, AwardKept]] = {}
        for version, player, position, amount in await self._connection.execute(AWARDS, {"race_id": race_id}):
            found.setdefault(version, {})[player] = AwardKept(position, amount)
        return found

    async def standings(self, race_id: int, version: int) -> Standings:
        """Return a version of a result, with its people."""
        rows = await Results(self._connection).standings(race_id, version)
        ids, baselines, totals, reached, positions, prizes, excluded = rows.T
        columns = Columns(
            baselines, totals, reached, positions.astype(np.int32), prizes, excluded.astype(np.int8)
        )
        uids: list[str | None] = []
        names: list[str] = []
        commitments: list[bytes] = []
        salts: list[bytes | None] = []
        values = {"race_id": race_id, "version": version}
        people = await self._connection.stream(PEOPLE, values, execution_options={"yield_per": _CHUNK})
        async for chunk in people.partitions(_CHUNK):
            for uid, name, hidden, salt in chunk:
                uids.append(uid)
                names.append(name)
                commitments.append(bytes(hidden))
                salts.append(None if salt is None else bytes(salt))
        return Standings(ids, columns, uids, names, commitments, salts)

    async def names(self, player_ids: Sequence[int]) -> Mapping[int, list[str]]:
        """Return all names that the feed gave these players, oldest first."""
        names: dict[int, list[str]] = {}
        for player, name in await self._connection.execute(NAMES, {"players": list(player_ids)}):
            names.setdefault(player, []).append(name)
        return names

    async def report(self, sha256: str) -> KeptReport | None:
        """Return a raw report."""
        row = (await self._connection.execute(REPORT, {"sha256": sha256})).one_or_none()
        return None if row is None else KeptReport(bytes(row.body), row.size)

    async def first_run(self, since: datetime) -> int | None:
        """Return the first completed run of a moment or later."""
        run_id: int | None = await self._connection.scalar(FIRST_RUN, {"since": since})
        return run_id

    async def is_completed(self, run_id: int) -> bool:
        """Say whether a run was completed."""
        return bool(await self._connection.scalar(IS_COMPLETED, {"run_id": run_id}))

    async def stored_at(self, run_id: int) -> datetime | None:
        """Return when a run's report was taken over."""
        moment: datetime | None = await self._connection.scalar(STORED_AT, {"run_id": run_id})
        return moment

    async def exclusions(self, race_id: int, starts_at: datetime) -> dict[int, bool]:
        """Return whom an exclusion keeps out of a race, and whether one is from this race alone."""
        values = {"race_id": race_id, "starts_at": starts_at}
        rows = await self._connection.execute(EXCLUSIONS, values)
        return {row.player_id: row.is_own for row in rows}

    async def ended_before(self, race: Mapping[str, Any]) -> bool:
        """Say whether the race before it in its series ended with the run that it starts from."""
        values = {name: race[name] for name in ("series_id", "start_date")}
        return bool(await self._connection.scalar(ENDED_BEFORE, values | {"run_id": race["start_run_id"]}))

    async def rebuilt(self, start: datetime, end: datetime) -> Rebuilt:
        """Return what the readings say of everybody who has one after the start, up to the end."""
        between = await read_bigints(self._connection, BETWEEN, (start, end), columns=5)
        wanted = (NOT_LISTED, bigint_array(between[:, 0]), start)
        before = await read_bigints(self._connection, BEFORE, wanted, columns=3)
        rebuilt = Rebuilt.of(between, before)
        unknown = rebuilt.player_ids[rebuilt.reached == 0]
        return rebuilt.with_reached(await self._reached(unknown, end)) if len(unknown) else rebuilt

    async def _reached(self, player_ids: Column, end: datetime) -> Column:
        values = {"players": bigint_array(player_ids), "end": end}
        return await read_bigints(self._connection, REACHED, values, columns=2)
