from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.races.rules.payouts import Status, sources

# An award is shown even if somebody made its standing disappear.
_AWARD = """
    SELECT award.id, award.race_id, race.name AS race, award.version, award.player_id,
           player.goated_id AS uid, coalesce(standing.username, '') AS username, award.position,
           award.amount, award.status, award.created_at, award.approved_by, award.approved_at,
           award.paid_by, award.paid_at, award.reference,
           award.rejected_by, award.rejected_at, award.reason
      FROM race_awards AS award
      JOIN wager_races AS race ON race.id = award.race_id
      JOIN players AS player ON player.id = award.player_id
      LEFT JOIN race_standings AS standing
        ON standing.race_id = award.race_id AND standing.version = award.version
       AND standing.player_id = award.player_id
"""
_WANTED = """
       (CAST(:race AS bigint) IS NULL OR award.race_id = :race)
   AND (CAST(:player AS text) IS NULL
        OR player.goated_id = :player OR CAST(player.id AS text) = :player)
   AND (CAST(:owner AS bigint) IS NULL OR award.user_id = :owner
        OR award.player_id = (SELECT player_id FROM users WHERE id = :owner))
"""

# Rows are locked by rising id, races before awards, so that nobody who waits is waited for.
LOCK_RACES = text("""
    SELECT id FROM wager_races
     WHERE id IN (SELECT race_id FROM race_awards WHERE id = ANY(CAST(:ids AS bigint[])))
     ORDER BY id FOR NO KEY UPDATE
""")
LOCK_AWARDS = text(f"""
    {_AWARD} WHERE award.id = ANY(CAST(:ids AS bigint[])) ORDER BY award.id FOR UPDATE OF award
""")
LOCK_RACE = text("SELECT status FROM wager_races WHERE id = :id FOR NO KEY UPDATE")

ONE = text(f"{_AWARD} WHERE award.id = :id")
OF_RESULT = text(f"{_AWARD} WHERE award.race_id = :race_id AND award.version = :version ORDER BY award.id")
UNREJECTED = text("SELECT id FROM race_awards WHERE race_id = :race_id AND status <> 'rejected' ORDER BY id")
PAGE = text(f"""
    {_AWARD} WHERE {_WANTED} AND award.status = ANY(CAST(:statuses AS text[]))
     ORDER BY award.race_id DESC, award.id LIMIT CAST(:limit AS bigint) OFFSET :offset
""")
TOTALS = text(f"""
    SELECT award.status, count(*) AS awards, sum(award.amount)::bigint AS amount
      FROM race_awards AS award JOIN players AS player ON player.id = award.player_id
     WHERE {_WANTED} GROUP BY award.status
""")
CHUNK = text(f"{_AWARD} WHERE award.id > :after AND award.status <> 'pending' ORDER BY award.id LIMIT :many")

APPROVE = text("""
    UPDATE race_awards SET status = 'approved', approved_by = :actor, approved_at = :now
     WHERE id = ANY(CAST(:ids AS bigint[])) AND status = ANY(:sources)
    RETURNING id
""")
PAY = text("""
    UPDATE race_awards AS award
       SET status = 'paid', paid_by = :actor, paid_at = :now, reference = new.reference
      FROM unnest(CAST(:ids AS bigint[]), CAST(:references AS text[])) AS new(id, reference)
     WHERE award.id = new.id AND award.status = ANY(:sources)
    RETURNING award.id
""")


@dataclass(frozen=True, slots=True)
class Award:
    """What somebody is owed in cents, and how far it has come. The name is that of the result."""

    id: int
    race_id: int
    race: str
    version: int
    player_id: int
    uid: str
    username: str
    position: int
    amount: int
    status: Status
    created_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    paid_by: str | None
    paid_at: datetime | None
    reference: str | None
    rejected_by: str | None
    rejected_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which awards: of a race, of a player by number or uid, of some statuses; a limit of None is none.

    `owner` is the user whose they are: what his player won, and what he won himself.
    """

    race: int | None
    player: str | None
    statuses: Sequence[Status]
    limit: int | None
    offset: int = 0
    owner: int | None = None


class Payouts:
    """Awards on their way to paid. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def held(self, ids: Collection[int]) -> dict[int, Award]:
        """Lock awards and their races until the transaction ends; return those that are there, by id."""
        await self._connection.execute(LOCK_RACES, {"ids": list(ids)})
        rows = await self._connection.execute(LOCK_AWARDS, {"ids": list(ids)})
        return {row.id: Award(*row) for row in rows}

    async def race(self, race_id: int) -> str | None:
        """Lock a race; return its status."""
        status: str | None = await self._connection.scalar(LOCK_RACE, {"id": race_id})
        return status

    async def unrejected(self, race_id: int) -> list[int]:
        """Return the ids of a race's awards that were not rejected."""
        return list((await self._connection.execute(UNREJECTED, {"race_id": race_id})).scalars())

    async def approve(self, ids: Collection[int], *, actor: str, now: datetime) -> int:
        """Approve awards; return how many could be."""
        values = {"ids": list(ids), "actor": actor, "now": now, "sources": sources("approved")}
        return len((await self._connection.execute(APPROVE, values)).all())

    async def pay(self, references: Mapping[int, str], *, actor: str, now: datetime) -> int:
        """Mark awards as paid with their references; return how many could be."""
        values = {
            "ids": list(references),
            "references": list(references.values()),
            "actor": actor,
            "now": now,
            "sources": sources("paid"),
        }
        return len((await self._connection.execute(PAY, values)).all())

    async def one(self, award_id: int) -> Award | None:
        """Return an award."""
        row = (await self._connection.execute(ONE, {"id": award_id})).one_or_none()
        return None if row is None else Award(*row)

    async def of_result(self, race_id: int, version: int) -> list[Award]:
        """Return the awards that one version of a result added."""
        return await self._awards(OF_RESULT, {"race_id": race_id, "version": version})

    async def page(self, wanted: Wanted) -> list[Award]:
        """Return the awards that are wanted, those of the newest race first."""
        values = {"statuses": list(wanted.statuses), "limit": wanted.limit, "offset": wanted.offset}
        return await self._awards(PAGE, _whose(wanted) | values)

    async def totals(self, wanted: Wanted) -> dict[Status, tuple[int, int]]:
        """Return by status how many awards are wanted of any, and their cents."""
        rows = await self._connection.execute(TOTALS, _whose(wanted))
        return {row.status: (row.awards, row.amount) for row in rows}

    async def chunks(self, many: int) -> AsyncIterator[list[Award]]:
        """Yield all awards that somebody did something to, by id, so many at a time."""
        after = 0
        while awards := await self._awards(CHUNK, {"after": after, "many": many}):
            yield awards
            after = awards[-1].id

    async def _awards(self, statement: Any, values: Mapping[str, Any]) -> list[Award]:  # noqa: ANN401 - SQLAlchemy's text
        return [Award(*row) for row in await self._connection.execute(statement, dict(values))]


def _whose(wanted: Wanted) -> dict[str, Any]:
    return {"race": wanted.race, "player": wanted.player, "owner": wanted.owner}
