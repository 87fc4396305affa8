"""What the ledger must say, given the races, their results and their awards.

These statements repeat on purpose what the settlement and the payouts write: they are what those are held
against. Run them in one snapshot.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.money import format_cents

_FUNDED_ONCE = text("""
    SELECT race.id AS race, race.prize_pool AS pool_cents, count(transfer.id) AS times,
           coalesce(sum(transfer.amount), 0) AS moved_cents
      FROM wager_races AS race
      LEFT JOIN ledger_transfers AS transfer
        ON transfer.debit = 'operator' AND transfer.credit = format('race:%s:pool', race.id)
     WHERE race.status = 'completed'
     GROUP BY race.id
    HAVING count(transfer.id) <> CAST(race.prize_pool > 0 AS int)
        OR coalesce(sum(transfer.amount), 0) <> race.prize_pool
     ORDER BY race.id
""")

_ONLY_SETTLED = text("""
    SELECT posting.key, posting.account
      FROM ledger_postings AS posting
     WHERE posting.account LIKE 'race:%'
       AND NOT EXISTS (SELECT FROM wager_races AS race
                        WHERE race.status = 'completed'
                          AND CAST(race.id AS text) = split_part(posting.account, ':', 2))
     ORDER BY posting.transfer_id
""")

# What each award calls for, beside what the ledger has.
_AWARDS_POSTED = text("""
    WITH steps AS (
        SELECT award.id, 'owed' AS step, format('race:%s:pool', award.race_id) AS debit,
               format('award:%s:owed', award.id) AS credit, award.amount
          FROM race_awards AS award
         UNION ALL
        SELECT award.id, 'paid', format('award:%s:owed', award.id), format('award:%s:paid', award.id),
               award.amount
          FROM race_awards AS award WHERE award.status = 'paid'
         UNION ALL
        SELECT award.id, CASE race.reject_policy WHEN 'forfeit' THEN 'forfeited' ELSE 'reversed' END,
               format('award:%s:owed', award.id),
               format('race:%s:%s', race.id,
                      CASE race.reject_policy WHEN 'forfeit' THEN 'forfeited' ELSE 'pool' END),
               award.amount
          FROM race_awards AS award JOIN wager_races AS race ON race.id = award.race_id
         WHERE award.status = 'rejected'
    ), called_for AS (
        SELECT format('award:%s:%s', id, step) AS key, debit, credit, amount,
               format('%s dollars from %s to %s', round(amount * 0.01, 2), debit, credit) AS sentence
          FROM steps
    ), found AS (
        SELECT key, debit, credit, amount,
               format('%s dollars from %s to %s', round(amount * 0.01, 2), debit, credit) AS sentence
          FROM ledger_transfers
         WHERE key LIKE 'award:%' OR debit LIKE 'award:%' OR credit LIKE 'award:%'
    )
    SELECT key,
           CASE WHEN award.id IS NULL THEN 'no award that is there'
                ELSE format('award %s of race %s, %s,', award.id, award.race_id, award.status)
            END AS award,
           coalesce(called_for.sentence, 'none') AS called_for,
           coalesce(found.sentence, 'none') AS found
      FROM called_for FULL JOIN found USING (key)
      LEFT JOIN race_awards AS award ON CAST(award.id AS text) = split_part(key, ':', 2)
     WHERE (called_for.debit, called_for.credit, called_for.amount)
           IS DISTINCT FROM (found.debit, found.credit, found.amount)
     ORDER BY award.id, key
""")

_POOL_SPENT = text("""
    SELECT race.id AS race, race.prize_pool AS pool_cents, awarded AS awarded_cents,
           forfeited AS forfeited_cents, returned AS returned_cents
      FROM wager_races AS race
      CROSS JOIN LATERAL (
           SELECT coalesce(sum(award.amount), 0) AS awarded FROM race_awards AS award
            WHERE award.race_id = race.id AND award.status <> 'rejected') AS awards
      CROSS JOIN LATERAL (
           SELECT coalesce(sum(posting.amount), 0) AS forfeited FROM ledger_postings AS posting
            WHERE posting.account = format('race:%s:forfeited', race.id)) AS forfeits
      CROSS JOIN LATERAL (
           SELECT coalesce(sum(transfer.amount), 0) AS returned FROM ledger_transfers AS transfer
            WHERE transfer.debit = format('race:%s:pool', race.id)
              AND transfer.credit = 'operator') AS returns
     WHERE race.status = 'completed' AND awarded + forfeited + returned <> race.prize_pool
     ORDER BY race.id
""")

# Whoever loses an award has no prize in the version that took it from him.
_PRIZES_OWED = text("""
    WITH awarded AS (
        SELECT award.race_id, award.player_id, sum(award.amount) AS owed
          FROM race_awards AS award WHERE award.status <> 'rejected'
         GROUP BY award.race_id, award.player_id
    ), won AS (
        SELECT race.id AS race_id, standing.player_id, standing.prize
          FROM wager_races AS race
          JOIN race_standings AS standing
            ON standing.race_id = race.id AND standing.version = race.result_version
         WHERE standing.prize > 0
    )
    SELECT race_id AS race, player_id AS player, coalesce(prize, 0) AS prize_cents,
           coalesce(owed, 0) AS owed_cents
      FROM won FULL JOIN awarded USING (race_id, player_id)
     WHERE prize IS DISTINCT FROM owed
     ORDER BY race_id, player_id
""")

_AWARDS_PLACED = text("""
    SELECT award.id AS award, award.race_id AS race, award.version, award.player_id AS player,
           award.position, coalesce(CAST(standing.position AS text), 'none') AS stands
      FROM race_awards AS award
      JOIN wager_races AS race ON race.id = award.race_id
      LEFT JOIN race_standings AS standing
        ON standing.race_id = award.race_id AND standing.version = award.version
       AND standing.player_id = award.player_id AND award.version BETWEEN 1 AND race.result_version
     WHERE standing.position IS DISTINCT FROM award.position
     ORDER BY award.id
""")

_ONE_EACH = text("""
    SELECT race_id AS race, version, player_id AS player, count(*) AS times,
           string_agg(CAST(id AS text), ', ' ORDER BY id) AS awards
      FROM race_awards GROUP BY race_id, version, player_id HAVING count(*) > 1
     ORDER BY race_id, version, player_id
""")

_ONE_A_PLACE = text("""
    SELECT award.race_id AS race, award.version, award.position, count(*) AS times,
           string_agg(CAST(award.id AS text), ', ' ORDER BY award.id) AS awards
      FROM race_awards AS award
      JOIN wager_races AS race ON race.id = award.race_id AND race.tie_policy = 'first_to_reach'
     GROUP BY award.race_id, award.version, award.position HAVING count(*) > 1
     ORDER BY award.race_id, award.version, award.position
""")


@dataclass(frozen=True, slots=True)
class _Check:
    """Finds rows that must not be; the sentence says what one of them means."""

    rows: TextClause
    sentence: str

    def says(self, row: dict[str, Any]) -> str:
        """Return the sentence about a row; columns that end in `_cents` are read as dollars."""
        return self.sentence.format_map(
            {
                name: format_cents(int(value)) if name.endswith("_cents") else value
                for name, value in row.items()
            }
        )


_CHECKS = (
    _Check(
        _FUNDED_ONCE,
        "Race {race}: its pool of {pool_cents} dollars was funded {times} times, with {moved_cents} dollars"
        " in all.",
    ),
    _Check(_ONLY_SETTLED, "Transfer {key} touches {account}, but no race of this number is settled."),
    _Check(_AWARDS_POSTED, "Transfer {key}: {award} calls for {called_for}, and the ledger has {found}."),
    _Check(
        _POOL_SPENT,
        "Race {race}: awards of {awarded_cents}, forfeits of {forfeited_cents} and returns of"
        " {returned_cents} dollars do not sum to its pool of {pool_cents} dollars.",
    ),
    _Check(
        _PRIZES_OWED,
        "Race {race}, player {player}: the prize in the newest result is {prize_cents} dollars, but the"
        " awards that stand owe {owed_cents} dollars.",
    ),
    _Check(
        _AWARDS_PLACED,
        "Award {award} of race {race} is for place {position}, but in version {version} the place of"
        " player {player} is {stands}.",
    ),
    _Check(
        _ONE_EACH, "Race {race}, version {version}: player {player} has {times} awards, which are {awards}."
    ),
    _Check(
        _ONE_A_PLACE,
        "Race {race}, version {version}: place {position} has {times} awards, which are {awards}.",
    ),
)


async def verify(connection: AsyncConnection) -> list[str]:
    """Return in sentences where ledger, awards and results do not agree."""
    return [
        check.says(dict(row))
        for check in _CHECKS
        for row in (await connection.execute(check.rows)).mappings()
    ]
