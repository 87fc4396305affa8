"""What must hold of a settled race, whatever was killed while it was settled."""

from goatedvips.audit import service as audit
from goatedvips.ledger import service as ledger
from goatedvips.races.settlement import books
from tests.pipeline import Pipeline

_RACE = """
    SELECT race.status, race.result_version,
           (SELECT count(*) FROM race_proofs WHERE race_id = race.id) AS proofs,
           (SELECT count(*) FROM race_standings WHERE race_id = race.id) AS standings,
           (SELECT count(*) FROM audit_log
             WHERE action = 'race.settled' AND subject = format('race:%s', race.id)) AS settled,
           (SELECT count(*) FROM outbox WHERE key = format('race.completed:%s', race.id)) AS told,
           (SELECT count(*) FROM outbox
             WHERE kind = 'race.completed' AND subject = format('race:%s', race.id)) AS told_in_all
      FROM wager_races AS race WHERE race.id = :race
"""
_MONEY = """
    SELECT (SELECT sum(amount)::bigint FROM ledger_postings),
           (SELECT coalesce(sum(amount), 0)::bigint FROM ledger_postings
             WHERE account = format('race:%s:pool', CAST(:race AS bigint))),
           (SELECT sum(amount)::bigint FROM race_awards WHERE race_id = :race)
"""
_AWARDS = """
    SELECT player.goated_id, award.position, award.amount
      FROM race_awards AS award JOIN players AS player ON player.id = award.player_id
     WHERE award.race_id = :race ORDER BY award.position, award.player_id
"""


async def assert_settled_once(
    pipeline: Pipeline, race: int, *, owed: dict[str, int], pool: int, entrants: int, shared: bool
) -> None:
    """Hold a race against what must be; the books and the chain of the whole database with it."""
    assert await pipeline.fetch(_RACE, race=race) == [("completed", 1, 1, entrants, 1, 1, 1)]
    assert await pipeline.fetch(_MONEY, race=race) == [(0, 0, pool)]
    awards = await pipeline.fetch(_AWARDS, race=race)
    assert {uid: cents for uid, _, cents in awards} == owed
    assert len(awards) == len(owed), "one award each"
    if not shared:
        assert [position for _, position, _ in awards] == list(range(1, len(owed) + 1)), "one award a place"
    await assert_books_hold(pipeline)


async def assert_books_hold(pipeline: Pipeline) -> None:
    """Look at the whole ledger and the whole audit log, as `goatedvips verify` does."""
    async with pipeline.engine.connect() as connection:
        assert await ledger.verify(connection) == []
        assert await books.verify(connection) == []
        assert (await audit.verify(connection)).findings == []
