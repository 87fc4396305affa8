"""A result without its entry in the audit log is found."""

import psycopg

from goatedvips.races.settlement import attestation
from goatedvips.races.settlement.correction import take_away
from goatedvips.races.settlement.service import settle_due
from tests.pipeline import Pipeline, row


async def test_every_version_of_a_result_is_attested_until_its_entry_is_taken_away(
    pipeline: Pipeline, forger: psycopg.Connection
) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "1"), row("b", "1"))
    await pipeline.pull(row("a", "9"), row("b", "5"))
    await pipeline.pull(days=1)
    await settle_due(pipeline.engine, pipeline.clock)
    async with pipeline.engine.begin() as connection:
        ((player,),) = await pipeline.fetch("SELECT id FROM players WHERE goated_id = 'a'")
        await take_away(connection, race, player, reason="cheated", actor="test", now=pipeline.clock())
    async with pipeline.engine.connect() as connection:
        assert await attestation.verify(connection) == []

    forger.execute("DELETE FROM audit_log WHERE action = 'race.corrected'")

    async with pipeline.engine.connect() as connection:
        (finding,) = await attestation.verify(connection)
    assert finding.startswith("race:1: no entry tells of version 2 of its result with the proof ")
