from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.bulk import read_bigints, write_lines
from goatedvips.races.rules.lifecycle import sources

_TURN = 7_220_002
"""Key of the advisory lock under which results are written: one at a time, so that proofs make one chain."""

TRY_TURN = text(f"SELECT pg_try_advisory_xact_lock({_TURN})")
AWAIT_TURN = text(f"SELECT pg_advisory_xact_lock({_TURN})")

ANY_DUE = text("SELECT EXISTS (SELECT FROM wager_races WHERE status = 'live' AND end_run_id IS NOT NULL)")

_RACE = """
    SELECT race.*, start_run.as_of AS start_as_of, encode(start_run.report_sha256, 'hex') AS start_sha256,
           end_run.as_of AS end_as_of, encode(end_run.report_sha256, 'hex') AS end_sha256
      FROM wager_races AS race
      JOIN sync_logs AS start_run ON start_run.id = race.start_run_id
      JOIN sync_logs AS end_run ON end_run.id = race.end_run_id
"""
NEXT_DUE = text(f"""
    {_RACE} WHERE race.status = 'live' AND race.id <> ALL(CAST(:except AS bigint[]))
       AND (CAST(:only AS bigint) IS NULL OR race.id = :only)
     ORDER BY race.end_date, race.id LIMIT 1
       FOR UPDATE OF race
""")
COMPLETED = text(f"{_RACE} WHERE race.id = :id AND race.status = 'completed' FOR UPDATE OF race")

COMPLETE = text("""
    UPDATE wager_races
       SET status = 'completed', settled_at = :now, result_version = 1, version = version + 1,
           updated_at = :now
     WHERE id = :id AND status = ANY(:sources) AND end_run_id IS NOT NULL AND result_version = 0
    RETURNING version
""")
CORRECT = text("""
    UPDATE wager_races SET result_version = :result, version = version + 1, updated_at = :now
     WHERE id = :id AND status = 'completed' AND result_version = :result - 1
    RETURNING version
""")

PEOPLE = text("""
    SELECT player.goated_id, player.goated_username, account.id
      FROM wager_race_participants AS entrant
      JOIN players AS player ON player.id = entrant.player_id
      LEFT JOIN users AS account ON account.player_id = player.id
     WHERE entrant.race_id = :race_id
     ORDER BY entrant.player_id
""")
PEOPLE_OF_RESULT = text("""
    SELECT username, user_id, commitment, salt FROM race_standings
     WHERE race_id = :race_id AND version = :version
     ORDER BY player_id
""")
NAMES = text("""
    SELECT username FROM race_standings
     WHERE race_id = :race_id AND version = :version
     ORDER BY player_id
""")
STANDINGS = sql.SQL("""
    SELECT player_id, baseline, total, reached_run_id, coalesce(position, 0), prize, excluded::bigint
      FROM race_standings
     WHERE race_id = %s AND version = %s
     ORDER BY player_id
""")
STANDINGS_TABLE = sql.SQL(
    "race_standings (race_id, version, player_id, username, user_id, baseline, total, reached_run_id,"
    " position, prize, excluded, commitment, salt)"
)

ADD_AWARDS = text("""
    INSERT INTO race_awards (race_id, version, player_id, user_id, position, amount, created_at)
    SELECT :race_id, :version, now.player_id, account.id, now.position, now.amount, :now
      FROM unnest(CAST(:players AS bigint[]), CAST(:positions AS bigint[]), CAST(:amounts AS bigint[]))
           AS now(player_id, position, amount)
      LEFT JOIN users AS account ON account.player_id = now.player_id
     ORDER BY now.position, now.player_id
    RETURNING id, amount
""")
OWED = text("""
    SELECT player_id, sum(amount)::bigint FROM race_awards
     WHERE race_id = :race_id AND status <> 'rejected' GROUP BY player_id
""")
REJECT_UNPAID = text("""
    UPDATE race_awards SET status = 'rejected', rejected_by = :actor, rejected_at = :now, reason = :reason
     WHERE race_id = :race_id AND player_id = :player_id AND status IN ('pending', 'approved')
    RETURNING id, amount
""")
ANY_PAID = text("""
    SELECT EXISTS (SELECT FROM race_awards
                    WHERE race_id = :race_id AND player_id = :player_id AND status = 'paid')
""")

CHAIN_HEAD = text("""
    SELECT proof.sha256 FROM race_proofs AS proof
     WHERE proof.series_id IS NOT DISTINCT FROM CAST(:series_id AS bigint)
       AND NOT EXISTS (SELECT FROM race_proofs AS later
                        WHERE later.series_id IS NOT DISTINCT FROM proof.series_id
                          AND later.previous_sha256 = proof.sha256)
""")
ADD_PROOF = text("""
    INSERT INTO race_proofs (race_id, version, series_id, sha256, previous_sha256, body, created_at)
    VALUES (:race_id, :version, :series_id, :sha256, :previous, :body, :now)
""")
LAST_PROVED_AT = text("SELECT max(created_at) FROM race_proofs WHERE race_id = :race_id")
RACES_WON = text("""
    SELECT count(*) FROM race_standings AS standing
      JOIN wager_races AS race ON race.id = standing.race_id AND race.result_version = standing.version
     WHERE standing.player_id = :player_id AND standing.position = 1
""")

_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Award:
    """Cents that somebody is owed."""

    id: int
    amount: int


@dataclass(frozen=True, slots=True, eq=False)
class Winners:
    """Who is owed something: players, their positions, cents."""

    players: NDArray[np.int64]
    positions: NDArray[np.int32]
    amounts: NDArray[np.int64]


class Results:
    """Results of races: standings, awards and proofs. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take_turn(self, *, wait: bool) -> bool:
        """Be the one who writes results until the transaction ends; say whether it is our turn."""
        return await self._connection.scalar(AWAIT_TURN if wait else TRY_TURN) is not False

    async def any_due(self) -> bool:
        """Say whether a race has ended and is not settled."""
        return bool(await self._connection.scalar(ANY_DUE))

    async def next_due(self, *, only: int | None = None, but: Collection[int] = ()) -> dict[str, Any] | None:
        """Lock and return the race that ended first and is not settled: only this one, or any but these."""
        rows = await self._connection.execute(NEXT_DUE, {"only": only, "except": list(but)})
        race = rows.mappings().one_or_none()
        return None if race is None else dict(race)

    async def completed(self, race_id: int) -> dict[str, Any] | None:
        """Lock and return a completed race."""
        race = (await self._connection.execute(COMPLETED, {"id": race_id})).mappings().one_or_none()
        return None if race is None else dict(race)

    async def complete(self, race_id: int, now: datetime) -> bool:
        """Complete a race whose end boundary has been; return False if somebody else did."""
        values = {"id": race_id, "now": now, "sources": sources("completed")}
        return await self._connection.scalar(COMPLETE, values) is not None

    async def correct(self, race_id: int, result: int, now: datetime) -> bool:
        """Let the next version of a result count; return False if another one does already."""
        values = {"id": race_id, "result": result, "now": now}
        return await self._connection.scalar(CORRECT, values) is not None

    async def people(self, race_id: int) -> AsyncIterator[Sequence[Row[Any]]]:
        """Yield a race's entrants by player id, in chunks: uid, name, user id."""
        async for chunk in self._chunks(PEOPLE, {"race_id": race_id}):
            yield chunk

    async def people_of(self, race_id: int, version: int) -> AsyncIterator[Sequence[Row[Any]]]:
        """Yield those of a result by player id, in chunks: name, user id, commitment, salt."""
        async for chunk in self._chunks(PEOPLE_OF_RESULT, {"race_id": race_id, "version": version}):
            yield chunk

    async def add_standings(self, lines: Iterable[str]) -> None:
        """Write standings, as lines of COPY for `STANDINGS_TABLE`."""
        await write_lines(self._connection, STANDINGS_TABLE, lines)

    async def standings(self, race_id: int, version: int) -> NDArray[np.int64]:
        """Return a result by player id: player, baseline, total, reached, position or 0, prize, excluded."""
        return await read_bigints(self._connection, STANDINGS, (race_id, version), columns=7)

    async def names(self, race_id: int, version: int) -> list[str]:
        """Return the names in a result, by player id."""
        values = {"race_id": race_id, "version": version}
        return list((await self._connection.execute(NAMES, values)).scalars())

    async def add_awards(self, race_id: int, version: int, *, winners: Winners, now: datetime) -> list[Award]:
        """Award amounts to players; return the awards."""
        values = {
            "race_id": race_id,
            "version": version,
            "players": winners.players.tolist(),
            "positions": winners.positions.tolist(),
            "amounts": winners.amounts.tolist(),
            "now": now,
        }
        return [Award(*row) for row in await self._connection.execute(ADD_AWARDS, values)]

    async def owed(self, race_id: int) -> dict[int, int]:
        """Return what is owed or paid in a race, by player."""
        rows = await self._connection.execute(OWED, {"race_id": race_id})
        return {int(player_id): int(cents) for player_id, cents in rows}

    async def reject_unpaid(
        self, race_id: int, player_id: int, *, reason: str, actor: str, now: datetime
    ) -> list[Award]:
        """Reject what a player was awarded in a race and has not been paid; return it."""
        values = {"race_id": race_id, "player_id": player_id, "reason": reason, "actor": actor, "now": now}
        return [Award(*row) for row in await self._connection.execute(REJECT_UNPAID, values)]

    async def any_paid(self, race_id: int, player_id: int) -> bool:
        """Say whether a player was paid anything of a race."""
        values = {"race_id": race_id, "player_id": player_id}
        return bool(await self._connection.scalar(ANY_PAID, values))

    async def chain_head(self, series_id: int | None) -> bytes | None:
        """Return the hash of the newest proof of a series, or of the races without one."""
        head: bytes | None = await self._connection.scalar(CHAIN_HEAD, {"series_id": series_id})
        return head

    async def add_proof(self, values: Mapping[str, Any]) -> None:
        """Keep a proof."""
        await self._connection.execute(ADD_PROOF, dict(values))

    async def last_proved_at(self, race_id: int) -> datetime:
        """Return when the newest result of a settled race was written."""
        moment: datetime = (await self._connection.execute(LAST_PROVED_AT, {"race_id": race_id})).scalar_one()
        return moment

    async def won_by(self, player_id: int) -> int:
        """Return how many completed races a player won."""
        return int(await self._connection.scalar(RACES_WON, {"player_id": player_id}) or 0)

    async def _chunks(
        self, statement: TextClause, values: Mapping[str, Any]
    ) -> AsyncIterator[Sequence[Row[Any]]]:
        result = await self._connection.stream(statement, values, execution_options={"yield_per": _CHUNK})
        async for chunk in result.partitions(_CHUNK):
            yield chunk
